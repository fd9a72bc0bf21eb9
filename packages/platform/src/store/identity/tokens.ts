import { createHash } from "node:crypto";
import type { Pool } from "pg";
import type { Actor } from "../../identity/actor.ts";
import {
  allPermissions,
  permissionsOf,
  type StandardRole,
  standardRoles,
  withNeeds,
} from "../../identity/permissions.ts";

/** What is to be made: a token of a service account. */
export interface NewToken {
  readonly name: string;
  /** `null`: the whole installation. */
  readonly team: number | null;
  /** A standard role, `ROLE_ADMIN`, or `role:ID` of a custom one. */
  readonly role: string;
  readonly expiresAt: string | null;
}

/** How often a token's last use is written down, in ms. */
const usedEvery = 60_000;

/** Random bytes come in: `random(32)`. */
export type Random = (bytes: number) => Uint8Array;

/** Makes a token; its text is told here and never again. */
export async function createToken(
  pool: Pool,
  made: NewToken,
  { random, now }: { readonly random: Random; readonly now: number },
): Promise<{ readonly id: number; readonly text: string }> {
  const text = `plm_${Buffer.from(random(32)).toString("base64url")}`;
  const { rows } = await pool.query<{ id: number }>(
    `insert into token (hash, name, team_id, role, created_at, expires_at) values ($1, $2, $3, $4, $5, $6) returning id`,
    [hashOf(text), made.name, made.team, made.role, new Date(now).toISOString(), made.expiresAt],
  );
  return { id: rows[0]?.id ?? 0, text };
}

interface TokenRow {
  readonly id: number;
  readonly name: string;
  readonly team_id: number | null;
  readonly role: string;
  readonly permissions: readonly string[] | null;
  readonly stale: boolean;
}

/** Whose token this is; `null` for one that is unknown, expired, or of somebody who may no longer sign in. */
export async function actorOfToken(pool: Pool, text: string, now: number): Promise<Actor | null> {
  const at = new Date(now).toISOString();
  const { rows } = await pool.query<TokenRow>(
    `select t.id, t.name, t.team_id, t.role, r.permissions,
       coalesce(t.used_at < $2::timestamptz - make_interval(secs => $3), true) as stale
     from token t
     left join role r on t.role = 'role:' || r.id
     left join person p on p.id = t.person_id
     where t.hash = $1 and (t.expires_at is null or t.expires_at > $2::timestamptz) and coalesce(p.is_enabled, true)`,
    [hashOf(text), at, usedEvery / 1000],
  );
  const row = rows[0];
  if (row === undefined) return null;
  if (row.stale) await pool.query("update token set used_at = $2 where id = $1", [row.id, at]);
  return { id: `token:${row.id}`, name: row.name, team: row.team_id, permissions: permissionsOfRole(row) };
}

function permissionsOfRole({ role, permissions }: TokenRow): ReadonlySet<string> {
  if (permissions !== null) return withNeeds(permissions);
  if (role === "ROLE_ADMIN") return allPermissions;
  return isStandard(role) ? permissionsOf(role) : new Set();
}

function isStandard(role: string): role is StandardRole {
  return standardRoles.some(({ id }) => id === role);
}

function hashOf(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
