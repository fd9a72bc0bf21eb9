import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { messageOf, PlimsollError } from "@plimsoll/kit";
import { vulndbError } from "../errors.ts";

/** A key that may have signed a revision. */
export interface TrustedKey {
  /** sha256 of the public key's DER form (SubjectPublicKeyInfo), hex. */
  readonly id: string;
  readonly key: KeyObject;
}

/** Whose signatures count, and whose no longer do. */
export interface Trust {
  readonly keys: readonly TrustedKey[];
  /** Ids of keys that were trusted once. */
  readonly retired: ReadonlySet<string>;
}

/** A key to sign with. */
export interface SigningKey extends TrustedKey {
  readonly secret: KeyObject;
}

const longestKeyFile = 65_536;
const mostKeys = 64;

/** A new Ed25519 pair as PEM (PKCS #8 and SubjectPublicKeyInfo, RFC 8410), as openssl writes them. */
export function newKeyPair(): { readonly id: string; readonly privatePem: string; readonly publicPem: string } {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  return {
    id: keyIdOf(publicKey),
    privatePem: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    publicPem: publicKey.export({ type: "spki", format: "pem" }).toString(),
  };
}

/** The id of a public key. */
function keyIdOf(key: KeyObject): string {
  return createHash("sha256")
    .update(key.export({ type: "spki", format: "der" }))
    .digest("hex");
}

/**
 * Reads public keys from files and folders: `*.pub` and `*.pem` of a folder are trusted, `*.retired` are known and trusted
 * no more, wherever else they lie. Throws KEY_UNUSABLE.
 */
export function readTrust(paths: readonly string[]): Trust {
  const files = paths.flatMap(keyFiles);
  if (files.length > mostKeys) throw unusable(paths[0] ?? "", `more than ${mostKeys} keys`);
  const read = files.map((path) => ({ path, ...publicKeyOf(path) }));
  const retired = new Set(read.filter(({ path }) => path.endsWith(".retired")).map(({ id }) => id));
  return { keys: read.filter(({ id }) => !retired.has(id)).map(({ id, key }) => ({ id, key })), retired };
}

/** Reads a private key. Throws KEY_UNUSABLE. */
export function readSigningKey(path: string): SigningKey {
  const secret = guarded(path, () => createPrivateKey(pemOf(path)));
  if (secret.asymmetricKeyType !== "ed25519") throw unusable(path, "it is no Ed25519 key");
  const key = createPublicKey(secret);
  return { id: keyIdOf(key), key, secret };
}

function keyFiles(path: string): string[] {
  const isFolder = guarded(path, () => statSync(path).isDirectory());
  if (!isFolder) return [path];
  const names = guarded(path, () => readdirSync(path));
  return names
    .filter((name) => /\.(pub|pem|retired)$/.test(name))
    .sort()
    .map((name) => join(path, name));
}

function publicKeyOf(path: string): TrustedKey {
  const pem = pemOf(path);
  if (pem.includes("PRIVATE KEY")) {
    throw unusable(path, `it is a private key: give out ${basename(path).replace(/\.key$/, "")}.pub instead`);
  }
  const key = guarded(path, () => createPublicKey(pem));
  if (key.asymmetricKeyType !== "ed25519") throw unusable(path, "it is no Ed25519 key");
  return { id: keyIdOf(key), key };
}

function pemOf(path: string): string {
  return guarded(path, () => {
    if (statSync(path).size > longestKeyFile) throw new RangeError("it is too long for a key");
    return readFileSync(path, "utf8");
  });
}

function guarded<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (cause instanceof PlimsollError) throw cause;
    throw unusable(path, messageOf(cause), cause);
  }
}

function unusable(path: string, why: string, cause?: unknown): PlimsollError {
  return vulndbError("KEY_UNUSABLE", { fields: { path, why }, cause });
}
