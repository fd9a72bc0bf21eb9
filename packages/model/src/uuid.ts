import { hash } from "node:crypto";

/** A UUID that is the same for the same words: SHA-256 cut to 128 bits, version 8 and variant bits set (RFC 9562 section 5.8). */
export function uuidOf(...words: readonly string[]): string {
  const hex = hash("sha256", JSON.stringify(words), "hex");
  const variant = "89ab"[Number.parseInt(hex.charAt(16), 16) & 3];
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
