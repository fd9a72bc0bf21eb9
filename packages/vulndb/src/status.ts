import type { DatabaseSync } from "node:sqlite";
import type { FeedState } from "@plimsoll/model";
import { vulndbError } from "./errors.ts";
import type { DbOrigin, DbStatus } from "./knowledge-base.ts";
import { readInstallNote } from "./revision/install-note.ts";
import { guarded, openDatabase } from "./store/open-database.ts";
import { numberOf, textOf } from "./store/stored-values.ts";

/** Rows of each kind. */
export interface DbCounts {
  readonly advisories: number;
  /** Advisory × package. */
  readonly affected: number;
  readonly packages: number;
  /** Ids of vulnerabilities; aliases count each. */
  readonly ids: number;
  readonly ratings: number;
  readonly epss: number;
  readonly kev: number;
  readonly exploits: number;
}

export interface DbSummary extends DbStatus {
  readonly counts: DbCounts;
  /** Ecosystem keys with advisories, sorted, and the feeds that speak for each. */
  readonly ecosystems: readonly EcosystemCoverage[];
}

export interface EcosystemCoverage {
  readonly ecosystem: string;
  readonly feeds: readonly FeedState[];
}

/** Everything `plimsoll db status` shows of a database file. Throws as `openVulndb` does. */
export function dbStatus(path: string): DbSummary {
  using db = openDatabase(path);
  return guarded(path, () => ({ ...readStatus(db, path), counts: readCounts(db), ecosystems: readCoverage(db) }));
}

/** The status part alone; cheap. Throws DB_CORRUPT when the file holds none. */
export function readStatus(db: DatabaseSync, path: string): DbStatus {
  const meta = new Map(rowsOf(db, "SELECT key, value FROM meta").map((row) => [String(row.key), String(row.value)]));
  const revision = meta.get("revision");
  const builtAt = meta.get("built_at");
  if (revision === undefined || builtAt === undefined) {
    throw vulndbError("DB_CORRUPT", { fields: { path, why: "its revision is missing" } });
  }
  const feeds = rowsOf(db, "SELECT name, title, date, records FROM feed ORDER BY name").map(feedState);
  const own = { schema: Number(meta.get("schema")), revision, builtAt, starter: meta.get("starter") === "1", feeds };
  const origin = originOf(path, revision);
  return origin === null ? own : { ...own, origin };
}

/** What lies beside the file about where it came from, as long as it speaks of this revision. */
function originOf(path: string, revision: string): DbOrigin | null {
  const note = readInstallNote(path);
  if (note === null || note.revision !== revision) return null;
  const { place, signedBy, createdAt, expiresAt, checkedAt } = note;
  return { place, signedBy, createdAt, expiresAt, checkedAt };
}

/** A row with name, title, date and records. */
export function feedState(row: Readonly<Record<string, unknown>>): FeedState {
  return { id: textOf(row.name), title: textOf(row.title), date: textOf(row.date), records: numberOf(row.records) };
}

function readCounts(db: DatabaseSync): DbCounts {
  const count = (table: string) => Number(rowsOf(db, `SELECT count(*) AS n FROM ${table}`)[0]?.n ?? 0);
  return {
    advisories: count("advisory"),
    affected: count("affected"),
    packages: count("package"),
    ids: count("flaw"),
    ratings: count("rating"),
    epss: count("epss"),
    kev: count("kev"),
    exploits: count("exploit"),
  };
}

function readCoverage(db: DatabaseSync): EcosystemCoverage[] {
  const byEcosystem = new Map<string, FeedState[]>();
  const sql = `SELECT w.body AS ecosystem, f.name, f.title, c.date, c.records FROM coverage c
    JOIN word w ON w.id = c.ecosystem JOIN feed f ON f.id = c.feed ORDER BY 1, 2`;
  for (const row of rowsOf(db, sql)) {
    const ecosystem = String(row.ecosystem);
    byEcosystem.set(ecosystem, [...(byEcosystem.get(ecosystem) ?? []), feedState(row)]);
  }
  return [...byEcosystem].map(([ecosystem, feeds]) => ({ ecosystem, feeds }));
}

function rowsOf(db: DatabaseSync, sql: string): Readonly<Record<string, unknown>>[] {
  return db.prepare(sql).all();
}
