import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openStore, type Store } from "../store/open-store.ts";
import { debianPostgresMissing, startDebianPostgres } from "./debian-postgres.ts";

/** The servers that every test of SQL runs on. */
export const servers = [
  { server: "embedded PostgreSQL 18", missing: null, open: embeddedStore },
  { server: "Debian's PostgreSQL 15", missing: debianPostgresMissing(), open: debianStore },
] as const;

/** Empties a store of everything that came in; what it began with stays. */
export async function emptyStore({ pool }: Store): Promise<void> {
  const { rows } = await pool.query<{ name: string }>(
    "select tablename as name from pg_tables where schemaname = 'public' and tablename not in ('migration', 'knowledge', 'job')",
  );
  await pool.query(`truncate ${rows.map(({ name }) => name).join(", ")} cascade`);
  await pool.query("delete from knowledge where seq > 0");
  await pool.query("select seed_running_sets()");
}

/** A store of its own in a folder that goes with it. */
async function embeddedStore(): Promise<Store> {
  const folder = mkdtempSync(join(tmpdir(), "plimsoll-store-"));
  const store = await openStore({ folder });
  return {
    pool: store.pool,
    db: store.db,
    isNew: store.isNew,
    [Symbol.asyncDispose]: async () => {
      await store[Symbol.asyncDispose]();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function debianStore(): Promise<Store> {
  const server = await startDebianPostgres();
  const store = await openStore({ url: server.url });
  return {
    pool: store.pool,
    db: store.db,
    isNew: store.isNew,
    [Symbol.asyncDispose]: async () => {
      await store[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
    },
  };
}
