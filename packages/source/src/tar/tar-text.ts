/** Bytes `start`..`end` as characters of the same number. */
export function latin1(bytes: Buffer, start: number, end: number): string {
  return bytes.toString("latin1", start, end);
}

/** UTF-8 text of at most `length` bytes at `at`, up to the first NUL; wrong bytes become U+FFFD. */
export function text(bytes: Buffer, at: number, length: number): string {
  let end = at;
  while (end < at + length && bytes[end] !== 0) end++;
  return bytes.toString("utf8", at, end);
}
