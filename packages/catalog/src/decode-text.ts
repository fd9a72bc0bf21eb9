/** Bytes → text: UTF-8, a byte order mark dropped, invalid bytes as U+FFFD (names stay readable, nothing throws). */
export function decodeText(bytes: Uint8Array): string {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8");
  return text.startsWith("\ufeff") ? text.slice(1) : text;
}

/** The lines of a text without their ends (`\n` or `\r\n`), one at a time: hostile files can hold a hundred million. */
export function* linesOf(text: string): Generator<string> {
  let start = 0;
  while (start < text.length) {
    const newline = text.indexOf("\n", start);
    const end = newline === -1 ? text.length : newline;
    yield text.slice(start, end > start && text.charCodeAt(end - 1) === 13 ? end - 1 : end);
    start = end + 1;
  }
}

/** Longest name or version believed; registries allow about 200. */
const longestWord = 1000;

/** Whether a text can be a package's name or version: not empty, not absurdly long, no control characters or blanks. */
export function isWord(text: unknown): text is string {
  return typeof text === "string" && text !== "" && text.length <= longestWord && !/[\s\0-\x1f\x7f-\x9f]/.test(text);
}
