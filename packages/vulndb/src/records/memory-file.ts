import type { FeedFile } from "../feed.ts";

/** A document in memory as feeds see it; its bytes come in chunks of `chunkBytes`. */
export function memoryFile(path: string, content: string | Uint8Array, chunkBytes = 65_536): FeedFile {
  const bytes = typeof content === "string" ? Buffer.from(content) : Buffer.from(content);
  return {
    path,
    text: async () => bytes.toString("utf8"),
    async *stream() {
      for (let at = 0; at < bytes.length; at += chunkBytes) yield bytes.subarray(at, at + chunkBytes);
    },
  };
}
