import { objectOf, parseJson, textOf } from "../image/json.ts";

/** A piece of a tar that was taken apart: bytes as they were, or a file's body, which lies elsewhere. */
export type SplitPiece =
  | { readonly kind: "bytes"; readonly bytes: Buffer }
  /** Name as bytes in latin1 text, as the tar had it. */
  | { readonly kind: "file"; readonly name: string; readonly size: number };

/** Bytes of one line: the largest is the padding behind the end of a tar, in base64. */
const longestLine = 4 * 2 ** 20;

/**
 * Reads tar-split's list of pieces (github.com/vbatts/tar-split, JSON lines), uncompressed. Throws a RangeError that
 * says what is wrong with it.
 */
export async function* splitPieces(
  stream: AsyncIterable<Uint8Array>,
): AsyncGenerator<readonly SplitPiece[], void, undefined> {
  let waiting: Buffer[] = [];
  let length = 0;
  for await (const chunk of stream) {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    const end = bytes.lastIndexOf("\n") + 1;
    if (end > 0) yield piecesOf(Buffer.concat([...waiting, bytes.subarray(0, end)]));
    if (end > 0) waiting = [];
    length = end > 0 ? bytes.length - end : length + bytes.length;
    if (length > longestLine) throw new RangeError("a line of its tar-split is too long");
    // A copy: the chunk changes when the next is asked for.
    waiting.push(Buffer.from(bytes.subarray(end)));
  }
  yield piecesOf(Buffer.concat(waiting));
}

function piecesOf(lines: Buffer): SplitPiece[] {
  return lines.toString("latin1").split("\n").flatMap(pieceOf);
}

function pieceOf(line: string): SplitPiece[] {
  if (line.trim() === "") return [];
  const row = objectOf(parseJson(Buffer.from(line, "latin1")));
  if (row?.type === 2) return [{ kind: "bytes", bytes: Buffer.from(textOf(row.payload), "base64") }];
  const size = row?.size ?? 0;
  if (row?.type !== 1 || typeof size !== "number" || !Number.isSafeInteger(size) || size < 0) {
    throw new RangeError("its tar-split is damaged");
  }
  // A name that is not UTF-8 stands in a field of its own.
  const raw = textOf(row.name_raw);
  const name = raw === "" ? Buffer.from(textOf(row.name), "utf8") : Buffer.from(raw, "base64");
  return size === 0 ? [] : [{ kind: "file", name: name.toString("latin1"), size }];
}
