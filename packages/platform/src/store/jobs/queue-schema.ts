import { Logger, runMigrations } from "graphile-worker";
import type { Pool } from "pg";

/** The queue's own schema in the database. */
export const queueSchema = "graphile_worker";

/** Brings the queue's own tables to what this program's version of it needs; the caller holds the lock of migrations. */
export async function installQueue(pool: Pool): Promise<void> {
  await runMigrations({ pgPool: pool, schema: queueSchema, logger: new Logger(() => () => undefined) });
}
