/** Whether the bytes at `at` are these ASCII characters. */
export function holdsAt(bytes: Buffer, at: number, characters: string): boolean {
  for (let index = 0; index < characters.length; index++) {
    if (bytes[at + index] !== characters.charCodeAt(index)) return false;
  }
  return true;
}

/** UTF-8 text of at most `length` bytes at `at`, up to the first NUL; wrong bytes become U+FFFD. */
export function text(bytes: Buffer, at: number, length: number): string {
  let end = at;
  while (end < at + length && bytes[end] !== 0) end++;
  return end === at ? "" : bytes.toString("utf8", at, end);
}
