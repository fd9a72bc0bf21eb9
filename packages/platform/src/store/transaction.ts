import type { Pool, PoolClient } from "pg";

/** What runs SQL: the pool, or one connection inside a transaction. */
export type Queryable = Pick<PoolClient, "query">;

/** Does `work` in one transaction: all of it or, when it throws, nothing. */
export async function inTransaction<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let broken: unknown;
  try {
    await client.query("begin");
    const done = await work(client);
    await client.query("commit");
    return done;
  } catch (error) {
    await client.query("rollback").catch((cause: unknown) => {
      broken = cause;
    });
    throw error;
  } finally {
    // A connection that cannot even roll back is not used again.
    client.release(broken !== undefined);
  }
}
