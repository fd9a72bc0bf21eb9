import { createHash } from "node:crypto";

/** Random bytes come in: `random(32)`. */
export type Random = (bytes: number) => Uint8Array;

/** A secret of 256 random bits behind a prefix that says what it is: scanners of leaked secrets know them by it. */
export function newSecret(prefix: "plm_" | "pls_", random: Random): string {
  return `${prefix}${Buffer.from(random(32)).toString("base64url")}`;
}

/** What is kept of a secret: its SHA-256. So many random bits need nothing slower. */
export function hashOfSecret(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
