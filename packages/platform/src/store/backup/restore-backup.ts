import type { ClientBase, Pool } from "pg";
import { z } from "zod";
import { platformError } from "../../errors.ts";
import { fault } from "../../fault.ts";
import { applyMigrations, checkMigrations, migrate } from "../migrate.ts";
import { type BackupRecord, backupRecords, verifyBackupFile } from "./backup-file.ts";
import { copyIn } from "./copy-protocol.ts";
import { dropEverything, tablesOf } from "./schema-facts.ts";

const quotedName = z.string().regex(/^(?:[a-z_][a-z0-9_$]*|"(?:[^"]|"")+")$/);

const backupHeader = z.object({
  at: z.iso.datetime(),
  program: z.string().max(100),
  migrations: z.array(z.object({ number: z.number().int(), sha256: z.string() })).max(10_000),
  tables: z.array(z.object({ name: quotedName, columns: z.array(quotedName).max(1600) })).max(10_000),
  keyPrint: z.string().max(100).nullable(),
  keys: z.string().max(65_536).nullable(),
});

const tableHeader = z.object({ table: quotedName });

const backupEnd = z.object({
  rows: z.record(quotedName, z.number().int()),
  sequences: z.array(z.object({ name: quotedName, last: z.string().regex(/^-?\d{1,19}$/) })),
});

/** What a backup says of itself. */
export type BackupHeader = z.output<typeof backupHeader>;

/** Reads a backup to its end and looks at its first record. Throws BACKUP_UNREADABLE, BACKUP_DAMAGED, STORE_NEWER, MIGRATION_CHANGED; nothing is touched. */
export async function openBackup(path: string): Promise<BackupHeader> {
  await verifyBackupFile(path);
  for await (const record of backupRecords(path)) {
    const header = documentOf(record, backupHeader, path);
    checkMigrations(header.migrations);
    return header;
  }
  throw damaged(path, "nothing is in it");
}

export interface RestoreOptions {
  /** Whether what is there may go. */
  readonly replace: boolean;
  readonly onTable?: (name: string) => void;
}

/**
 * Puts a backup in the place of what a database holds, in one transaction: the schema as it was then, the rows, then the
 * migrations since. Throws RESTORE_NOT_EMPTY, RESTORE_IN_USE, what {@link openBackup} throws, and what the database throws;
 * then everything is as it was before.
 */
export async function restoreBackup(pool: Pool, path: string, { replace, onTable }: RestoreOptions): Promise<number> {
  const header = await openBackup(path);
  const client = await pool.connect();
  let rows = 0;
  try {
    await client.query("begin");
    await refuseOthers(client);
    if (!replace && (await tablesOf(client)).length > 0) throw platformError("RESTORE_NOT_EMPTY");
    await dropEverything(client);
    const then = new Set(header.migrations.map(({ number }) => number));
    await applyMigrations(client, (number) => then.has(number));
    rows = await load(client, { header, path, onTable });
    await applyMigrations(client, (number) => !then.has(number));
    FAULT: fault("restore.loaded");
    await client.query("commit");
  } catch (error) {
    await client.query("rollback").catch(() => undefined);
    throw error;
  } finally {
    client.release(true);
  }
  FAULT: fault("restore.committed");
  await settle(pool);
  return rows;
}

/** Whoever else works with this database would be left with rows of another. */
async function refuseOthers(client: ClientBase): Promise<void> {
  const { rows } = await client.query(
    `select from pg_stat_activity where application_name = 'plimsoll' and datname = current_database()
       and pid <> pg_backend_pid() limit 1`,
  );
  if (rows.length > 0) throw platformError("RESTORE_IN_USE");
}

interface Loading {
  readonly header: BackupHeader;
  readonly path: string;
  readonly onTable: ((name: string) => void) | undefined;
}

/** Fills the tables, with triggers at rest: what they would add is in the backup. Returns the rows. */
async function load(client: ClientBase, { header, path, onTable }: Loading): Promise<number> {
  const here = (await tablesOf(client)).map(({ name }) => name).filter((name) => name !== "migration");
  for (const name of here) await client.query(`alter table ${name} disable trigger user`);
  if (here.length > 0) await client.query(`truncate ${here.join(", ")}`);
  const records = new Cursor(backupRecords(path));
  await records.next();
  const loaded: Record<string, number> = {};
  for (const { name, columns } of header.tables) {
    const { table } = documentOf(await records.next(), tableHeader, path);
    if (table !== name || !here.includes(name)) throw damaged(path, `the table ${table} is not expected there`);
    onTable?.(name);
    FAULT: fault("restore.table");
    loaded[name] = await copyIn(client, `copy ${name} (${columns.join(", ")}) from stdin`, records.rows());
  }
  const { rows, sequences } = documentOf(await records.next(), backupEnd, path);
  const wrong = Object.keys(rows).find((name) => rows[name] !== loaded[name]);
  if (wrong !== undefined) throw damaged(path, `${loaded[wrong] ?? 0} of ${rows[wrong]} rows of ${wrong} are in it`);
  for (const { name, last } of sequences) await client.query("select setval($1::regclass, $2)", [name, last]);
  for (const name of here) await client.query(`alter table ${name} enable trigger user`);
  return Object.values(loaded).reduce((sum, n) => sum + n, 0);
}

/** Jobs that were being done then wait again, and the planner learns how much there is. */
async function settle(pool: Pool): Promise<void> {
  await migrate(pool);
  await pool.query(
    "update job set state = 'queued', worker_id = null, run_at = now(), version = version + 1 where state = 'running'",
  );
  await pool.query("select wake_job(job) from job where state = 'queued'");
  await pool.query("analyze");
}

/** Records one after the other, with a look at the next. */
class Cursor {
  readonly #records: AsyncGenerator<BackupRecord>;
  #ahead: BackupRecord | null = null;

  constructor(records: AsyncGenerator<BackupRecord>) {
    this.#records = records;
  }

  async next(): Promise<BackupRecord | null> {
    const ahead = this.#ahead;
    this.#ahead = null;
    if (ahead !== null) return ahead;
    const { value, done } = await this.#records.next();
    return done ? null : value;
  }

  /** The bytes up to the next document. */
  async *rows(): AsyncGenerator<Uint8Array> {
    for (let record = await this.next(); record !== null; record = await this.next()) {
      if (record.kind === "document") {
        this.#ahead = record;
        return;
      }
      yield record.bytes;
    }
  }
}

function documentOf<T>(record: BackupRecord | null, schema: z.ZodType<T>, path: string): T {
  const parsed = record?.kind === "document" ? schema.safeParse(record.value) : null;
  if (parsed?.success) return parsed.data;
  throw damaged(path, "its records are not in order");
}

function damaged(path: string, why: string) {
  return platformError("BACKUP_DAMAGED", { fields: { path, why } });
}
