import type { Limits } from "@plimsoll/kit";
import type { FeedFile } from "../feed.ts";

/** What recognition sees of a document. */
export const headBytes = 65_536;

/** A document whose beginning was looked at. */
export interface HeadedFile extends FeedFile {
  /** First 64 kB. */
  readonly head: Uint8Array;
}

/** A document in memory, out of an archive. */
export function storedFile(path: string, bytes: Uint8Array): HeadedFile {
  return {
    path,
    head: bytes.subarray(0, headBytes),
    text: async () => decode(bytes),
    async *stream() {
      yield bytes;
    },
  };
}

/** A document of its own file that is read on as it is parsed, once. */
export function plainFile(
  path: string,
  { head, chunks, limits }: { head: Uint8Array; chunks: AsyncGenerator<Uint8Array>; limits: Limits },
): HeadedFile {
  async function* stream(): AsyncGenerator<Uint8Array> {
    yield head;
    yield* chunks;
  }
  async function text(): Promise<string> {
    const parts: Uint8Array[] = [];
    let length = 0;
    for await (const chunk of stream()) {
      length += chunk.length;
      if (length > limits.fileBytes) throw new Error("the document is too large");
      parts.push(chunk);
    }
    return decode(Buffer.concat(parts));
  }
  return { path, head: head.subarray(0, headBytes), stream, text };
}

/** UTF-8; what is none reads as U+FFFD. */
function decode(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8");
}
