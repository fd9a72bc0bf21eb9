import type { Pool } from "pg";
import type { Actor } from "../../identity/actor.ts";
import { permissionsOfRole } from "../../identity/permissions.ts";
import { hashOfSecret, newSecret, type Random } from "../../identity/secrets.ts";
import type { Queryable } from "../transaction.ts";

/** What is to be made: a token. */
export interface NewToken {
  readonly name: string;
  /** Whose it is; absent: a service account's. */
  readonly person?: number;
  /** `null`: the whole installation. */
  readonly team: number | null;
  /** A standard role, `ROLE_ADMIN`, or `role:ID` of a custom one. */
  readonly role: string;
  readonly expiresAt: string | null;
}

/** How often a token's last use is written down, in ms. */
const usedEvery = 60_000;

/** Makes a token; its text is told here and never again. */
export async function createToken(
  client: Queryable,
  made: NewToken,
  { random, now }: { readonly random: Random; readonly now: number },
): Promise<{ readonly id: number; readonly text: string }> {
  const text = newSecret("plm_", random);
  const { rows } = await client.query<{ id: number }>(
    `insert into token (hash, name, person_id, team_id, role, created_at, expires_at)
     values ($1, $2, $3, $4, $5, $6, $7) returning id`,
    [
      hashOfSecret(text),
      made.name,
      made.person ?? null,
      made.team,
      made.role,
      new Date(now).toISOString(),
      made.expiresAt,
    ],
  );
  return { id: rows[0]?.id ?? 0, text };
}

interface TokenRow {
  readonly id: number;
  readonly name: string;
  readonly person_id: number | null;
  readonly team_id: number | null;
  readonly role: string;
  readonly permissions: readonly string[] | null;
  readonly is_admin: boolean | null;
  readonly held_role: string | null;
  readonly held_permissions: readonly string[] | null;
  readonly stale: boolean;
}

/** A token as it was sent, from where and when (ms). */
export interface TokenSent {
  readonly text: string;
  readonly address: string;
  readonly now: number;
}

/**
 * Whose token this is; `null` for one that is unknown, expired, of somebody who may no longer sign in or is no longer in
 * its team. A person's token can never do more than the person can.
 */
export async function actorOfToken(pool: Pool, { text, address, now }: TokenSent): Promise<Actor | null> {
  const at = new Date(now).toISOString();
  const { rows } = await pool.query<TokenRow>({
    name: "actor-of-token",
    text: `select t.id, t.name, t.person_id, t.team_id, t.role, r.permissions, p.is_admin,
       m.role as held_role, h.permissions as held_permissions,
       coalesce(t.used_at < $2::timestamptz - make_interval(secs => $3), true) as stale
     from token t
     left join role r on t.role = 'role:' || r.id
     left join person p on p.id = t.person_id
     left join membership m on m.person_id = t.person_id and m.team_id = t.team_id
     left join role h on m.role = 'role:' || h.id
     where t.hash = $1 and (t.expires_at is null or t.expires_at > $2::timestamptz)
       and (t.person_id is null or (p.is_enabled and (p.is_admin or m.role is not null)))`,
    values: [hashOfSecret(text), at, usedEvery / 1000],
  });
  const row = rows[0];
  if (row === undefined) return null;
  if (row.stale) await pool.query("update token set used_at = $2 where id = $1", [row.id, at]);
  return {
    id: `token:${row.id}`,
    name: row.name,
    person: row.person_id,
    isAdmin: row.role === "ROLE_ADMIN" && row.is_admin !== false,
    team: row.team_id,
    permissions: permissionsOfToken(row),
    address,
    session: null,
    mustChange: false,
  };
}

function permissionsOfToken(row: TokenRow): ReadonlySet<string> {
  const granted = permissionsOfRole(row.role, row.permissions);
  if (row.person_id === null || row.is_admin === true) return granted;
  return granted.intersection(permissionsOfRole(row.held_role ?? "", row.held_permissions));
}
