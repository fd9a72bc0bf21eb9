import { Fault } from "./read-each.ts";

/** Longest line kept, characters. */
const longestLine = 1_000_000;

/**
 * The lines of a text as it comes, without line ends; the last one needs none. A byte order mark is dropped, invalid
 * UTF-8 reads as U+FFFD. A line longer than a million characters ends the reading in a Fault: no table has such.
 */
export async function* linesOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string | Fault> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of chunks) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    yield* lines.map(withoutReturn);
    if (rest.length > longestLine) return yield new Fault(`a line of more than ${longestLine} characters`);
  }
  const last = rest + decoder.decode();
  if (last !== "") yield withoutReturn(last);
}

function withoutReturn(line: string): string {
  return line.endsWith("\r") ? line.slice(0, -1) : line;
}
