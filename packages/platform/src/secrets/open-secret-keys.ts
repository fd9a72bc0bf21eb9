import { chmodSync, linkSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { messageOf } from "@plimsoll/kit";
import { platformError } from "../errors.ts";
import type { Random } from "../identity/secrets.ts";
import { newKeyText, type SecretKeys, secretKeys } from "./secret-keys.ts";

/** Where the keys of the stored secrets are: told outright, in a file that somebody else keeps, or in our own file. */
export type KeyPlace =
  | { readonly text: string }
  | { readonly file: string }
  /** Made at the first start, for this user alone. */
  | { readonly ownFile: string };

export interface KeyOptions {
  readonly random: Random;
  /** Ids of the keys that the database's secrets are sealed with, and how many with each. */
  readonly used: ReadonlyMap<string, number>;
}

const longest = 65_536;

/**
 * Reads the keys; makes the first where there is no file yet and no secret either: a lost key is never replaced in
 * silence. Throws SECRETS_KEY_UNREADABLE, SECRETS_KEY_MISSING.
 */
export function openSecretKeys(place: KeyPlace, { random, used }: KeyOptions): SecretKeys {
  if ("text" in place) return secretKeys(place.text, "PLIMSOLL_SECRETS_KEY", random);
  if ("file" in place) return secretKeys(readKeys(place.file), place.file, random);
  const path = place.ownFile;
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) {
    const [lost] = used;
    if (lost !== undefined) throw missing(lost, path);
    makeKeys(path, random);
  } else if ((stats.mode & 0o077) !== 0) {
    throw unreadable(path, "others than its owner may read it (chmod 600)");
  }
  return secretKeys(readKeys(path), path, random);
}

function missing([key, count]: readonly [string, number], place: string): Error {
  return platformError("SECRETS_KEY_MISSING", { fields: { count, key, place } });
}

/** Whole or not at all, and the first of several processes wins. */
function makeKeys(path: string, random: Random): void {
  const part = `${path}.${Buffer.from(random(8)).toString("hex")}`;
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    writeFileSync(
      part,
      `# Keys of the stored secrets, oldest first: docs/operation.md. Keep a copy apart from the database's.\n${newKeyText(random)}\n`,
      { mode: 0o600, flag: "wx" },
    );
    chmodSync(part, 0o600);
    linkSync(part, path);
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && cause.code === "EEXIST") return;
    throw unreadable(path, messageOf(cause), cause);
  } finally {
    rmSync(part, { force: true });
  }
}

function readKeys(path: string): string {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (cause) {
    throw unreadable(path, messageOf(cause), cause);
  }
  if (text.length > longest) throw unreadable(path, "the file is far too long");
  return text;
}

function unreadable(place: string, why: string, cause?: unknown): Error {
  return platformError("SECRETS_KEY_UNREADABLE", { fields: { why, place }, cause });
}
