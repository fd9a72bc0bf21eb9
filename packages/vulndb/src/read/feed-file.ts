import type { FeedFile } from "../feed.ts";

/** What recognition sees of a document. */
export const headBytes = 65_536;

/** Longest document that is read whole, bytes: a text takes two to four times its size. The largest real one has 30 MB; larger ones are read as they stream. */
const mostTextBytes = 64 * 2 ** 20;

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
    text: async () => {
      if (bytes.length > mostTextBytes) throw tooLarge();
      return decode(bytes);
    },
    async *stream() {
      yield bytes;
    },
  };
}

/** A document of its own file that is read on as it is parsed, once. */
export function plainFile(
  path: string,
  { head, chunks }: { head: Uint8Array; chunks: AsyncGenerator<Uint8Array> },
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
      if (length > mostTextBytes) throw tooLarge();
      parts.push(chunk);
    }
    return decode(Buffer.concat(parts));
  }
  return { path, head: head.subarray(0, headBytes), stream, text };
}

function tooLarge(): Error {
  return new Error(`the document is larger than ${mostTextBytes} bytes`);
}

/** UTF-8; what is none reads as U+FFFD. */
function decode(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8");
}
