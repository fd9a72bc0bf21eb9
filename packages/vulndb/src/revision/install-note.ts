import { readFileSync } from "node:fs";
import type { Problem } from "@plimsoll/model";
import { parseJson } from "../records/json-text.ts";
import { memberOf, textOf, textsOf } from "../records/json-value.ts";
import { writeAtomic } from "../update/write-atomic.ts";
import { isRevision } from "./manifest.ts";

/** Where an installed database came from: lies beside it. */
export interface InstallNote {
  /** The installed revision, and the highest one ever installed here. */
  readonly revision: string;
  readonly highest: string;
  /** Hex digest of the database file. */
  readonly sha256: string;
  /** Ids of the trusted keys that signed it; empty for an unsigned one. */
  readonly signedBy: readonly string[];
  readonly place: string;
  /** RFC 3339. */
  readonly createdAt: string;
  readonly expiresAt: string;
  /** When the place was last asked, RFC 3339. */
  readonly checkedAt: string;
}

/** The note of the database at `path`; `null` when it has none, or one that is not whole. */
export function readInstallNote(path: string): InstallNote | null {
  const document = parseJson(textAt(notePath(path)));
  const text = (name: string) => textOf(memberOf(document, name));
  const [revision, highest, sha256] = [text("revision"), text("highest"), text("sha256")];
  const [place, createdAt, expiresAt, checkedAt] = ["place", "createdAt", "expiresAt", "checkedAt"].map(text);
  if (!isRevision(revision) || !isRevision(highest) || sha256 === null || place == null) return null;
  if (createdAt == null || expiresAt == null || checkedAt == null) return null;
  const signedBy = textsOf(memberOf(document, "signedBy"));
  return { revision, highest, sha256, signedBy, place, createdAt, expiresAt, checkedAt };
}

/** Writes it whole or not at all. */
export function writeInstallNote(path: string, note: InstallNote): Promise<void> {
  return writeAtomic(notePath(path), `${JSON.stringify(note, null, 2)}\n`);
}

/** Notes down that the place was asked; nothing where there is no note. */
export async function noteCheck(path: string, atMs: number): Promise<void> {
  const note = readInstallNote(path);
  if (note !== null) await writeInstallNote(path, { ...note, checkedAt: new Date(atMs).toISOString() });
}

/** What a scan must say of a database whose publisher promised a newer one by now (a mirror that stands still, or is held back). */
export function expiryProblems({ expiresAt, place }: Pick<InstallNote, "expiresAt" | "place">, now: number): Problem[] {
  if (Date.parse(expiresAt) > now) return [];
  return [
    {
      level: "warning",
      code: "knowledge-expired",
      message: `the vulnerability database from ${place} was to be replaced by ${expiresAt.slice(0, 10)}, and was not`,
      next: "run plimsoll db update, or import a newer revision; ask its publisher when there is none",
    },
  ];
}

function notePath(path: string): string {
  return `${path}.origin.json`;
}

function textAt(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
