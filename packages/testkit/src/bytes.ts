import { createHash } from "node:crypto";

/** What builders accept as content: text (UTF-8) or bytes. */
export type Bytes = string | Uint8Array;

/** The content as a Buffer; text becomes UTF-8. */
export function bytesOf(content: Bytes): Buffer {
  return typeof content === "string" ? Buffer.from(content, "utf8") : Buffer.from(content);
}

/** `sha256:<hex>` of the content. */
export function sha256Of(content: Bytes): `sha256:${string}` {
  return `sha256:${createHash("sha256").update(content).digest("hex")}`;
}

/** The first `keepBytes` bytes: a download or a file that stopped half-way. */
export function truncated(content: Uint8Array, keepBytes: number): Buffer {
  return Buffer.from(content.subarray(0, keepBytes));
}

/** A copy with one byte flipped at `offset` (negative counts from the end). */
export function corrupted(content: Uint8Array, offset: number): Buffer {
  const copy = Buffer.from(content);
  const at = offset < 0 ? copy.length + offset : offset;
  copy[at] = (copy[at] ?? 0) ^ 0xff;
  return copy;
}
