/** A file to be put into a tar. */
export interface TarEntry {
  /** At most 100 ASCII characters. */
  readonly name: string;
  /** Less than 8 GiB. */
  readonly size: number;
  readonly mtimeMs: number;
}

/** The header block of a regular file (POSIX.1-1988 ustar): readable by all, owned by root. */
export function tarHeader({ name, size, mtimeMs }: TarEntry): Buffer {
  const block = Buffer.alloc(512);
  const field = (text: string, at: number) => void block.write(text, at, "latin1");
  const octal = (value: number, digits: number) => `${value.toString(8).padStart(digits, "0")}\0`;
  field(name, 0);
  field(octal(0o644, 7), 100);
  field(octal(0, 7), 108);
  field(octal(0, 7), 116);
  field(octal(size, 11), 124);
  field(octal(Math.floor(mtimeMs / 1000), 11), 136);
  field("        0", 148); // blanks while the checksum is taken; the type behind it: a regular file
  field("ustar\u000000root", 257);
  field("root", 297);
  const sum = block.reduce((all, byte) => all + byte, 0);
  field(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return block;
}

/** Zeros up to the next block. */
export function tarPadding(size: number): Buffer {
  return Buffer.alloc((512 - (size % 512)) % 512);
}
