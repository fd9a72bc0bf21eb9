import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { pathToFileURL } from "node:url";
import { messageOf, PlimsollError } from "@plimsoll/kit";
import { vulndbError } from "../errors.ts";
import { applicationId, schemaVersion } from "./schema.ts";

/**
 * Opens a database file read-only and immutable (no locks, no journal looked for) after checking its header: SQLite,
 * ours, our schema, as long as it says. Throws DB_MISSING, DB_UNREADABLE, DB_CORRUPT, DB_NEWER or DB_OLDER.
 */
export function openDatabase(path: string): DatabaseSync {
  checkHeader(path, readHeader(path));
  const url = pathToFileURL(path);
  url.searchParams.set("immutable", "1");
  try {
    const db = new DatabaseSync(url, { readOnly: true });
    // Not mapped: the pages that a scan touches would be a third of its memory, and reading them is as fast.
    db.exec("PRAGMA mmap_size=0; PRAGMA query_only=1; PRAGMA trusted_schema=0;");
    checkSchema(path, db);
    return db;
  } catch (cause) {
    throw cause instanceof PlimsollError ? cause : corrupt(path, cause);
  }
}

/**
 * A view or a computed column runs while it is read: in a file made by somebody else that may be a query without end.
 * Ours holds tables of plain columns, and indexes.
 */
function checkSchema(path: string, db: DatabaseSync): void {
  const rows = db.prepare("SELECT type, name, sql FROM sqlite_schema").all();
  for (const { type, name, sql } of rows) {
    const isPlain = type === "index" || (type === "table" && !/\bvirtual\b|\bas\b/i.test(String(sql)));
    if (isPlain) continue;
    db.close();
    throw corrupt(path, new Error(`${name} is no plain table`));
  }
}

function corrupt(path: string, cause: unknown): PlimsollError {
  return vulndbError("DB_CORRUPT", { fields: { path, why: messageOf(cause) }, cause });
}

/** Runs a query; what SQLite says about a damaged file, lists in it that are no JSON and dates in it that no calendar has become DB_CORRUPT. */
export function guarded<T>(path: string, query: () => T): T {
  try {
    return query();
  } catch (cause) {
    if (cause instanceof SyntaxError || cause instanceof RangeError || (cause instanceof Error && "errcode" in cause)) {
      throw corrupt(path, cause);
    }
    throw cause;
  }
}

interface Header {
  readonly bytes: Buffer;
  readonly fileSize: number;
}

function readHeader(path: string): Header {
  let file: number | null = null;
  try {
    file = openSync(path, "r");
    const bytes = Buffer.alloc(100);
    const length = readSync(file, bytes, 0, 100, 0);
    return { bytes: bytes.subarray(0, length), fileSize: fstatSync(file).size };
  } catch (cause) {
    const missing = cause instanceof Error && "code" in cause && cause.code === "ENOENT";
    throw vulndbError(missing ? "DB_MISSING" : "DB_UNREADABLE", { fields: { path, why: messageOf(cause) }, cause });
  } finally {
    if (file !== null) closeSync(file);
  }
}

/** SQLite file format, section 1.3: page size at 16, pages at 28, user version at 60, application id at 68. */
function checkHeader(path: string, { bytes, fileSize }: Header): void {
  const damaged = (why: string) => vulndbError("DB_CORRUPT", { fields: { path, why } });
  if (bytes.length < 100 || bytes.toString("latin1", 0, 16) !== "SQLite format 3\0") throw damaged("not a SQLite file");
  if (bytes.readUInt32BE(68) !== applicationId) throw damaged("a SQLite file of another program");
  const found = bytes.readUInt32BE(60);
  const fields = { path, found, known: schemaVersion };
  if (found > schemaVersion) throw vulndbError("DB_NEWER", { fields });
  if (found < schemaVersion) throw vulndbError("DB_OLDER", { fields });
  const pageSize = bytes.readUInt16BE(16) === 1 ? 65_536 : bytes.readUInt16BE(16);
  if (pageSize * bytes.readUInt32BE(28) !== fileSize) throw damaged("it is truncated or has grown");
}
