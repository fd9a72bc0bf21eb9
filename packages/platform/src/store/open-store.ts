import { type Log, messageOf, silentLog } from "@plimsoll/kit";
import { Kysely, PostgresDialect } from "kysely";
import { Pool, type PoolConfig, types } from "pg";
import { platformError } from "../errors.ts";
import { runningPostgres, startEmbeddedPostgres } from "./embedded/embedded-postgres.ts";
import { migrate } from "./migrate.ts";
import type { Tables } from "./tables.ts";

/** Where results are kept: a PostgreSQL of our own in a folder, or one that is there already (`postgres://…`). */
export type StorePlace = { readonly folder: string } | { readonly url: string };

export interface Store extends AsyncDisposable {
  readonly pool: Pool;
  /** The same connections for queries that are put together. */
  readonly db: Kysely<Tables>;
  /** Nothing was in it before. */
  readonly isNew: boolean;
}

const oldest = 15;

const common: PoolConfig = { max: 20, application_name: "plimsoll", types: { getTypeParser } };

/** A database as it is, whatever is in it. */
export interface OpenDatabase extends AsyncDisposable {
  readonly pool: Pool;
}

/** Opens the store and brings it to this program's schema. Throws the errors of starting, reaching and migrating it. */
export async function openStore(place: StorePlace, log: Log = silentLog): Promise<Store> {
  await using stack = new AsyncDisposableStack();
  const { pool } = stack.use(await openDatabase(place, { log }));
  const isNew = await migrate(pool);
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  const held = stack.move();
  return { pool, db, isNew, [Symbol.asyncDispose]: () => held.disposeAsync() };
}

export interface OpenDatabaseOptions {
  readonly log?: Log;
  /** Joins the program that has the embedded database open, if there is one. */
  readonly join?: boolean;
}

/** Opens a database without a look at what is in it. Throws the errors of starting and reaching it. */
export async function openDatabase(
  place: StorePlace,
  { log = silentLog, join = false }: OpenDatabaseOptions = {},
): Promise<OpenDatabase> {
  await using stack = new AsyncDisposableStack();
  const running = join && "folder" in place ? runningPostgres(place.folder) : null;
  const config = running === null ? await connectionOf(place, { stack, log }) : { ...common, ...running };
  const pool = stack.adopt(new Pool(config), (opened) => opened.end());
  // A connection that breaks while idle is replaced by the pool; whoever used it gets its error.
  let isClosing = false;
  // One that breaks in somebody's hands gives its error to the next query; unheard it would end the process.
  pool.on("connect", (client) => client.on("error", () => undefined));
  pool.on("error", (error) => {
    if (!isClosing) log.warn("a database connection broke", { why: messageOf(error) });
  });
  stack.defer(() => {
    isClosing = true;
  });
  await checkVersion(pool);
  const held = stack.move();
  return { pool, [Symbol.asyncDispose]: () => held.disposeAsync() };
}

interface Opening {
  readonly stack: AsyncDisposableStack;
  readonly log: Log;
}

async function connectionOf(place: StorePlace, { stack, log }: Opening): Promise<PoolConfig> {
  if ("url" in place) return { ...common, connectionString: place.url };
  const embedded = stack.use(await startEmbeddedPostgres(place.folder, log));
  return { ...common, ...embedded.connection };
}

/** bigint as number: every one of ours that leaves SQL is a count or a row number below 2^53, but for asset ids, which leave as hex. */
function getTypeParser(oid: number, format?: "text" | "binary"): (value: string) => unknown {
  if (oid === types.builtins.INT8) return Number;
  return types.getTypeParser(oid, format);
}

async function checkVersion(pool: Pool): Promise<void> {
  const asked = pool.query<{ version: string }>("select current_setting('server_version') as version");
  const { rows } = await asked.catch((error: unknown) => {
    throw platformError("STORE_UNREACHABLE", { fields: { why: messageOf(error) }, cause: error });
  });
  const version = rows[0]?.version ?? "";
  if (Number.parseInt(version, 10) < oldest) throw platformError("STORE_TOO_OLD", { fields: { version } });
}
