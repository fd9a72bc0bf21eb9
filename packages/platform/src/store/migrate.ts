import { readdirSync, readFileSync } from "node:fs";
import { digestOf } from "@plimsoll/model";
import type { ClientBase, Pool, PoolClient } from "pg";
import { migrationsFolder } from "../assets.ts";
import { platformError } from "../errors.ts";
import { installQueue } from "./jobs/queue-schema.ts";

interface Migration {
  readonly number: number;
  readonly name: string;
  readonly sql: string;
  readonly sha256: string;
}

/** Any number nobody else uses: one migration at a time on one database. */
const lock = 7211;

const table =
  "create table if not exists migration (number integer primary key, name text not null, sha256 text not null, applied_at timestamptz not null default now())";

/**
 * Brings a database to this program's schema: forward only, each migration in a transaction of its own, one program at
 * a time. Throws STORE_NEWER, MIGRATION_CHANGED. Answers whether the database was empty.
 */
export async function migrate(pool: Pool): Promise<boolean> {
  const client = await pool.connect();
  try {
    await client.query("select pg_advisory_lock($1)", [lock]);
    await client.query(table);
    const all = migrations();
    const missing = await missingOf(client, all);
    for (const migration of missing) await apply(client, migration);
    await installQueue(pool);
    return missing.length === all.length;
  } finally {
    await client.query("select pg_advisory_unlock($1)", [lock]).catch(() => undefined);
    client.release();
  }
}

/** Newest migration that a database has, and newest that this program knows. */
export async function schemaState(pool: Pool): Promise<{ readonly newest: number; readonly known: number }> {
  const { rows } = await pool.query<{ newest: number }>("select coalesce(max(number), 0) as newest from migration");
  return { newest: rows[0]?.newest ?? 0, known: migrations().at(-1)?.number ?? 0 };
}

function migrations(): Migration[] {
  return readdirSync(migrationsFolder)
    .filter((file) => file.endsWith(".sql"))
    .sort()
    .map((file) => {
      const sql = readFileSync(new URL(file, migrationsFolder), "utf8");
      return { number: Number(file.slice(0, 4)), name: file.slice(5, -4), sql, sha256: digestOf(sql) };
    });
}

/** A migration that a database or a backup of one has had. */
export interface AppliedMigration {
  readonly number: number;
  readonly sha256: string;
}

/** Migrations that a database has had, in their order. */
export async function appliedMigrations(client: ClientBase): Promise<AppliedMigration[]> {
  const { rows } = await client.query<AppliedMigration>("select number, sha256 from migration order by number");
  return rows;
}

/** Throws STORE_NEWER, MIGRATION_CHANGED where these are not this program's own. */
export function checkMigrations(applied: readonly AppliedMigration[], all: readonly Migration[] = migrations()): void {
  const newest = Math.max(0, ...applied.map(({ number }) => number));
  const known = all.at(-1)?.number ?? 0;
  if (newest > known) throw platformError("STORE_NEWER", { fields: { found: newest, known } });
  const had = new Map(applied.map(({ number, sha256 }) => [number, sha256]));
  const changed = all.find(({ number, sha256 }) => (had.get(number) ?? sha256) !== sha256);
  if (changed !== undefined) throw platformError("MIGRATION_CHANGED", { fields: { number: changed.number } });
}

/** Applies those migrations that are `wanted`, within the transaction that the client is in. */
export async function applyMigrations(client: ClientBase, wanted: (number: number) => boolean): Promise<void> {
  await client.query(table);
  for (const migration of migrations()) if (wanted(migration.number)) await perform(client, migration);
}

async function missingOf(client: PoolClient, all: readonly Migration[]): Promise<Migration[]> {
  const applied = await appliedMigrations(client);
  checkMigrations(applied, all);
  const had = new Set(applied.map(({ number }) => number));
  return all.filter(({ number }) => !had.has(number));
}

async function apply(client: PoolClient, migration: Migration): Promise<void> {
  await client.query("begin");
  try {
    await perform(client, migration);
    await client.query("commit");
  } catch (error) {
    await client.query("rollback");
    throw error;
  }
}

async function perform(client: ClientBase, { number, name, sql, sha256 }: Migration): Promise<void> {
  await client.query(sql);
  await client.query("insert into migration (number, name, sha256) values ($1, $2, $3)", [number, name, sha256]);
}
