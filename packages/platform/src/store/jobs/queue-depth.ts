import type { Pool } from "pg";

const states = ["queued", "running", "dead"] as const;

/** How many jobs wait, are being done, or were given up. */
export async function queueDepth(
  pool: Pool,
): Promise<readonly { readonly state: (typeof states)[number]; readonly jobs: number }[]> {
  const { rows } = await pool.query<{ state: string; jobs: number }>(
    "select state, count(*)::integer as jobs from job where state = any($1) group by state",
    [states],
  );
  return states.map((state) => ({ state, jobs: rows.find((row) => row.state === state)?.jobs ?? 0 }));
}
