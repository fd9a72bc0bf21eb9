import { Fault } from "./read-each.ts";

/** Longest line kept, characters. */
const longestLine = 1_000_000;

/**
 * The lines of a text as it comes, without line ends; the last one needs none. A byte order mark is dropped, invalid
 * UTF-8 reads as U+FFFD. A line longer than a million characters ends the reading in a Fault: no table has such.
 */
export async function* linesOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string | Fault> {
  const decoder = new TextDecoder();
  // Parts of a line whose end has not come: each is looked at once, however many there are.
  let begun: string[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    const [first = "", ...others] = decoder.decode(chunk, { stream: true }).split("\n");
    begun.push(first);
    length += first.length;
    const last = others.pop();
    if (last !== undefined) {
      yield withoutReturn(begun.join(""));
      yield* others.map(withoutReturn);
      begun = [last];
      length = last.length;
    }
    if (length > longestLine) return yield new Fault(`a line of more than ${longestLine} characters`);
  }
  const last = begun.join("") + decoder.decode();
  if (last !== "") yield withoutReturn(last);
}

function withoutReturn(line: string): string {
  return line.endsWith("\r") ? line.slice(0, -1) : line;
}
