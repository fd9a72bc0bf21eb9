const [quote, backslash] = Buffer.from('"\\');
const steps = new Int8Array(256);
for (const byte of Buffer.from("[{")) steps[byte] = 1;
for (const byte of Buffer.from("]}")) steps[byte] = -1;

/** Whether lists and records of a JSON text lie at most `most` deep in one another. Parsing a text of brackets alone takes a hundred times its bytes. */
export function isShallow(json: Uint8Array, most: number): boolean {
  let depth = 0;
  for (let at = 0; at < json.length && depth <= most; at++) {
    const byte = json[at] ?? 0;
    if (byte === quote) at = endOfText(json, at + 1);
    else depth += steps[byte] ?? 0;
  }
  return depth <= most;
}

/** Where the text ends that starts at `from`. */
function endOfText(json: Uint8Array, from: number): number {
  let at = from;
  while (at < json.length && json[at] !== quote) at += json[at] === backslash ? 2 : 1;
  return at;
}
