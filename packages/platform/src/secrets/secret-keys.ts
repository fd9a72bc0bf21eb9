import { createCipheriv, createDecipheriv, createHash } from "node:crypto";
import { platformError } from "../errors.ts";
import type { Random } from "../identity/secrets.ts";

/** A secret as it is kept: under which key, and nonce, tag and text encrypted with AES-256-GCM (NIST SP 800-38D). */
export interface Sealed {
  /** 8 hex digits. */
  readonly keyId: string;
  readonly bytes: Buffer;
}

/** The keys that secrets are sealed with. They leave this object in no way. */
export interface SecretKeys {
  /** Id of the one that seals; the others only open. */
  readonly current: string;
  has(keyId: string): boolean;
  /** `place` names the record: sealed for one, it opens as no other. */
  seal(plain: string, place: string): Sealed;
  /** Throws SECRETS_KEY_MISSING, SECRET_DAMAGED. */
  open(sealed: Sealed, place: string): string;
}

const nonceBytes = 12;
const tagBytes = 16;
const keyBytes = 32;

/**
 * Keys from a text of one or several, oldest first, in hex or base64, parted by blanks or commas; what follows a # is a
 * comment. `where` is told in errors. Throws SECRETS_KEY_UNREADABLE.
 */
export function secretKeys(text: string, where: string, random: Random): SecretKeys {
  const keys = text
    .replaceAll(/#.*/g, "")
    .split(/[\s,]+/)
    .filter(Boolean)
    .map((word) => keyOf(word, where));
  const byId = new Map(keys.map((key) => [idOf(key), key]));
  const [current] = [...byId.keys()].slice(-1);
  if (current === undefined) throw unreadable("it holds none", where);
  const keyFor = (keyId: string): Buffer => {
    const key = byId.get(keyId);
    if (key === undefined)
      throw platformError("SECRETS_KEY_MISSING", { fields: { count: 1, key: keyId, place: where } });
    return key;
  };
  return {
    current,
    has: (keyId) => byId.has(keyId),
    seal(plain, place) {
      const nonce = random(nonceBytes);
      const cipher = createCipheriv("aes-256-gcm", keyFor(current), nonce, { authTagLength: tagBytes });
      cipher.setAAD(boundTo(current, place));
      const sealed = [cipher.update(plain, "utf8"), cipher.final()];
      return { keyId: current, bytes: Buffer.concat([nonce, cipher.getAuthTag(), ...sealed]) };
    },
    open({ keyId, bytes }, place) {
      const key = keyFor(keyId);
      try {
        const nonce = bytes.subarray(0, nonceBytes);
        const decipher = createDecipheriv("aes-256-gcm", key, nonce, { authTagLength: tagBytes });
        decipher.setAAD(boundTo(keyId, place));
        decipher.setAuthTag(bytes.subarray(nonceBytes, nonceBytes + tagBytes));
        const opened = [decipher.update(bytes.subarray(nonceBytes + tagBytes)), decipher.final()];
        return Buffer.concat(opened).toString("utf8");
      } catch (cause) {
        throw platformError("SECRET_DAMAGED", { cause });
      }
    },
  };
}

/** A new key as the text that {@link secretKeys} reads. */
export function newKeyText(random: Random): string {
  return Buffer.from(random(keyBytes)).toString("hex");
}

function boundTo(keyId: string, place: string): Buffer {
  return Buffer.from(JSON.stringify(["plimsoll secret 1", keyId, place]));
}

function idOf(key: Buffer): string {
  return createHash("sha256").update("plimsoll key id\0").update(key).digest("hex").slice(0, 8);
}

function keyOf(word: string, where: string): Buffer {
  const key = /^[0-9a-f]{64}$/i.test(word) ? Buffer.from(word, "hex") : base64Of(word);
  if (key?.length === keyBytes) return key;
  throw unreadable("a key is 32 bytes, as 64 hex digits or in base64", where);
}

function base64Of(word: string): Buffer | null {
  return /^[\w+/-]{43}=?$/.test(word) ? Buffer.from(word, "base64") : null;
}

function unreadable(why: string, place: string): Error {
  return platformError("SECRETS_KEY_UNREADABLE", { fields: { why, place } });
}
