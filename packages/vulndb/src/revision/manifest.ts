import type { FeedState } from "@plimsoll/model";
import { vulndbError } from "../errors.ts";
import { parseJson } from "../records/json-text.ts";
import { type JsonObject, memberOf, objectOf, objectsOf } from "../records/json-value.ts";

/** A file of a repository. */
export interface RevisionFile {
  /** One plain name: no folders. */
  readonly name: string;
  /** Hex. */
  readonly sha256: string;
  readonly bytes: number;
}

/** A database by its number and by its bytes. */
export interface DatabaseId {
  readonly revision: string;
  readonly sha256: string;
}

/** A step from one revision to a later one. */
export interface RevisionDelta extends RevisionFile {
  readonly from: DatabaseId;
  readonly to: DatabaseId;
  /** Size of the delta when decompressed. */
  readonly unpackedBytes: number;
}

/** What a publisher signs: one revision of the database, and the files that lead to it. */
export interface Revision {
  /** The database's own number; it only grows. */
  readonly revision: string;
  /** Version of its tables. */
  readonly schema: number;
  /** RFC 3339, all of them. */
  readonly builtAt: string;
  readonly createdAt: string;
  /** After this moment there should be a newer one. */
  readonly expiresAt: string;
  /** The database, unpacked. */
  readonly database: { readonly sha256: string; readonly bytes: number };
  /** The database, compressed (zstd). */
  readonly full: RevisionFile;
  /** Steps from earlier revisions, oldest first; each begins where another ends. */
  readonly deltas: readonly RevisionDelta[];
  readonly feeds: readonly FeedState[];
  /** The revision published before: its number and the sha256 of its manifest. */
  readonly previous: DatabaseId | null;
}

const format = 1;
/** Longest manifest in its envelope, bytes. */
export const longestEnvelope = 2 ** 20;
/** Largest database and largest file that this program takes, bytes. */
export const largestDatabase = 8 * 2 ** 30;
const mostDeltas = 400;
const mostFeeds = 1000;

/** The manifest as it is signed: members sorted by name, no blanks. */
export function manifestText(revision: Revision): string {
  return canonical({ format, ...revision });
}

/** Reads a signed manifest. Throws REVISION_UNREADABLE, or REVISION_NEWER_FORMAT for one of a later program. */
export function parseManifest(payload: Buffer, place: string): Revision {
  const document = objectOf(parseJson(payload.toString("utf8")));
  const found = memberOf(document, "format");
  if (typeof found === "number" && found > format) {
    throw vulndbError("REVISION_NEWER_FORMAT", { fields: { place, found, known: format } });
  }
  const revision = document === null || found !== format ? null : revisionOf(document);
  if (revision !== null) return revision;
  throw vulndbError("REVISION_UNREADABLE", { fields: { place, why: "its manifest has another shape" } });
}

function revisionOf(document: JsonObject): Revision | null {
  const { revision, schema, builtAt, createdAt, expiresAt } = document;
  const database = sized(document.database);
  const full = fileOf(document.full);
  const deltas = listOf(document.deltas, mostDeltas, deltaOf);
  const feeds = listOf(document.feeds, mostFeeds, feedOf);
  const previous = document.previous === null ? null : (databaseId(document.previous) ?? undefined);
  if (!isRevision(revision) || !isCount(schema)) return null;
  if (!isMoment(builtAt) || !isMoment(createdAt) || !isMoment(expiresAt)) return null;
  if (database === null || full === null || deltas === null || feeds === null || previous === undefined) return null;
  return { revision, schema, builtAt, createdAt, expiresAt, database, full, deltas, feeds, previous };
}

function listOf<T>(value: unknown, most: number, read: (item: JsonObject) => T | null): T[] | null {
  if (!Array.isArray(value) || value.length > most) return null;
  const items = objectsOf(value).map(read);
  const good = items.filter((item) => item !== null);
  return good.length === value.length ? good : null;
}

function sized(value: unknown): { readonly sha256: string; readonly bytes: number } | null {
  const { sha256, bytes } = objectOf(value) ?? {};
  if (!isSha256(sha256) || !isCount(bytes) || bytes > largestDatabase) return null;
  return { sha256, bytes };
}

function fileOf(value: unknown): RevisionFile | null {
  const name = memberOf(value, "name");
  const file = sized(value);
  return file === null || !isFileName(name) ? null : { name, ...file };
}

function deltaOf(value: JsonObject): RevisionDelta | null {
  const file = fileOf(value);
  const [from, to] = [databaseId(value.from), databaseId(value.to)];
  const { unpackedBytes } = value;
  if (file === null || from === null || to === null) return null;
  if (!isCount(unpackedBytes) || unpackedBytes > largestDatabase) return null;
  return { ...file, from, to, unpackedBytes };
}

function databaseId(value: unknown): DatabaseId | null {
  const { revision, sha256 } = objectOf(value) ?? {};
  return isRevision(revision) && isSha256(sha256) ? { revision, sha256 } : null;
}

function feedOf({ id, title, date, records }: JsonObject): FeedState | null {
  const texts = typeof id === "string" && typeof title === "string" && typeof date === "string";
  return texts && isCount(records) ? { id, title, date, records } : null;
}

/** `YYYYMMDDHHMMSS` of a build, or a number a little above. */
export function isRevision(value: unknown): value is string {
  return typeof value === "string" && /^[1-9]\d{13,19}$/.test(value);
}

/** Files of repositories: a revision's number, or two of them, and what it is. */
export function isFileName(value: unknown): value is string {
  return typeof value === "string" && /^\d{14,20}(-\d{14,20})?\.(sqlite|delta)\.zst$/.test(value);
}

function isSha256(value: unknown): value is string {
  return typeof value === "string" && /^[0-9a-f]{64}$/.test(value);
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

function isMoment(value: unknown): value is string {
  return typeof value === "string" && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/.test(value) && !Number.isNaN(Date.parse(value));
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  const object = objectOf(value);
  if (object === null) return JSON.stringify(value);
  const members = Object.keys(object).sort();
  return `{${members.map((name) => `${JSON.stringify(name)}:${canonical(object[name])}`).join(",")}}`;
}
