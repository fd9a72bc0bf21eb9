import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

/** How SQLite lays a test database out. */
export interface SqliteLayout {
  /** Statements before the table is made: `PRAGMA page_size=…`. */
  readonly before?: string;
  /** Statements after the rows are in. */
  readonly after?: string;
}

/** An `rpmdb.sqlite` made by SQLite itself. */
export function sqliteDatabase(blobs: readonly Uint8Array[], layout: SqliteLayout = {}): Buffer {
  return withDatabase(blobs, layout, (database, path) => {
    database.close();
    return readFileSync(path);
  });
}

/** The database and its write-ahead log as they lie on disk while a writer still has them open. */
export function openSqliteDatabase(
  blobs: readonly Uint8Array[],
  layout: SqliteLayout = {},
): { readonly database: Buffer; readonly wal: Buffer } {
  const before = `PRAGMA journal_mode=WAL; PRAGMA wal_autocheckpoint=0; ${layout.before ?? ""}`;
  return withDatabase(blobs, { ...layout, before }, (database, path) => {
    const files = { database: readFileSync(path), wal: readFileSync(`${path}-wal`) };
    database.close();
    return files;
  });
}

function withDatabase<T>(
  blobs: readonly Uint8Array[],
  { before = "", after = "" }: SqliteLayout,
  use: (database: DatabaseSync, path: string) => T,
): T {
  const folder = mkdtempSync(join(tmpdir(), "rpmdb-"));
  try {
    const path = join(folder, "rpmdb.sqlite");
    const database = new DatabaseSync(path);
    database.exec(before);
    database.exec("CREATE TABLE Packages (hnum INTEGER PRIMARY KEY AUTOINCREMENT, blob BLOB NOT NULL)");
    database.exec("CREATE TABLE Name (key TEXT NOT NULL, hnum INTEGER NOT NULL, idx INTEGER NOT NULL)");
    database.exec("BEGIN");
    const insert = database.prepare("INSERT INTO Packages (blob) VALUES (?)");
    for (const blob of blobs) insert.run(blob);
    database.exec("COMMIT");
    database.exec(after);
    return use(database, path);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
