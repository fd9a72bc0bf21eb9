import { digestOf } from "@plimsoll/model";
import type { Pool } from "pg";
import type { KeptLayer } from "./layer-analyses.ts";

/**
 * Names what layers hold together: by what each of them says, and within a scope: whether somebody else joined the same
 * layers before shall not show in how long it takes.
 */
export function joinedKey(
  shaping: string,
  scope: number | null,
  layers: readonly Pick<KeptLayer, "diffId" | "sha256">[],
) {
  const said = layers.map(({ diffId, sha256 }) => [diffId, sha256]);
  return digestOf(JSON.stringify([shaping, scope, said])).slice("sha256:".length);
}

/** Kept contents of joined layers; `null`: join them again. */
export async function joinedContents(pool: Pool, key: string, now: number): Promise<Uint8Array | null> {
  const { rows } = await pool.query<{ bytes: Buffer; stale: boolean }>(
    `select bytes, used_at < $2::timestamptz - interval '1 day' as stale from joined_layers where key = decode($1, 'hex')`,
    [key, new Date(now).toISOString()],
  );
  const [row] = rows;
  if (row?.stale === true) {
    await pool.query("update joined_layers set used_at = $2 where key = decode($1, 'hex')", [
      key,
      new Date(now).toISOString(),
    ]);
  }
  return row?.bytes ?? null;
}

export async function keepJoined(
  pool: Pool,
  { key, bytes, now }: { readonly key: string; readonly bytes: Uint8Array; readonly now: number },
): Promise<void> {
  await pool.query(
    "insert into joined_layers (key, used_at, bytes) values (decode($1, 'hex'), $2, $3) on conflict do nothing",
    [key, new Date(now).toISOString(), bytes],
  );
}
