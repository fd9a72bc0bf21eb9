import type { ClientBase, Pool } from "pg";
import { fault } from "../../fault.ts";
import { appliedMigrations } from "../migrate.ts";
import { type BackupRecord, writeBackupFile } from "./backup-file.ts";
import { copyOut } from "./copy-protocol.ts";
import { sequencesOf, type TableFacts, tablesOf, transientTables } from "./schema-facts.ts";

/** What a backup is to say of itself, and hold besides the store. */
export interface BackupOptions {
  /** RFC 3339. */
  readonly at: string;
  readonly program: string;
  /** First digits of the SHA-256 of the keys of stored secrets; `null`: there are none. */
  readonly keyPrint: string | null;
  /** The keys themselves, for who wants them in the same file. */
  readonly keys: string | null;
  readonly onTable?: (name: string) => void;
}

export interface BackupReport {
  readonly bytes: number;
  readonly rows: number;
  readonly tables: number;
}

/**
 * Writes the store into a file as it is at one moment; whoever works with it meanwhile is not held up. Throws
 * BACKUP_FAILED, and what the database throws.
 */
export async function writeBackup(pool: Pool, path: string, options: BackupOptions): Promise<BackupReport> {
  const client = await pool.connect();
  const rows: Record<string, number> = {};
  try {
    await client.query("begin isolation level repeatable read read only");
    const bytes = await writeBackupFile(path, recordsOf(client, options, rows));
    await client.query("commit");
    const counts = Object.values(rows);
    return { bytes, rows: counts.reduce((sum, n) => sum + n, 0), tables: counts.length };
  } finally {
    // Broken off in the middle of a table, the connection is good for nothing more.
    client.release(true);
  }
}

async function* recordsOf(
  client: ClientBase,
  { at, program, keyPrint, keys, onTable }: BackupOptions,
  rows: Record<string, number>,
): AsyncGenerator<BackupRecord> {
  const kept: readonly string[] = [...transientTables, "migration"];
  const tables = (await tablesOf(client)).filter(({ name }) => !kept.includes(name));
  const migrations = await appliedMigrations(client);
  yield { kind: "document", value: { at, program, migrations, tables, keyPrint, keys } };
  for (const table of tables) {
    onTable?.(table.name);
    FAULT: fault("backup.table");
    rows[table.name] = await countOf(client, table);
    yield { kind: "document", value: { table: table.name } };
    const bytes: AsyncIterable<Buffer> = copyOut(client, `copy (${selectOf(table)}) to stdout`);
    for await (const chunk of bytes) yield { kind: "rows", bytes: chunk };
  }
  yield { kind: "document", value: { rows, sequences: await sequencesOf(client) } };
}

/** Counted in the same moment, and compared when it is read back. */
async function countOf(client: ClientBase, { name }: TableFacts): Promise<number> {
  const { rows } = await client.query<{ n: string }>(`select count(*)::text as n from ${name}`);
  return Number(rows[0]?.n ?? 0);
}

function selectOf({ name, columns }: TableFacts): string {
  return `select ${columns.join(", ")} from ${name}`;
}
