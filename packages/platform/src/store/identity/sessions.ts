import type { Pool } from "pg";
import { type Actor, noTeam } from "../../identity/actor.ts";
import { allPermissions, permissionsOfRole } from "../../identity/permissions.ts";
import { hashOfSecret, newSecret, type Random } from "../../identity/secrets.ts";
import type { Queryable } from "../transaction.ts";

/** Longest rest, and longest life, of a session, in ms. */
const idleMs = 12 * 3600_000;
const lifeMs = 7 * 24 * 3600_000;

/** How often a session's last use is written down, in ms. */
const seenEvery = 60_000;

/** Whose session is to begin, and where. */
export interface NewSession {
  readonly person: number;
  readonly team: number | null;
  readonly address: string;
  /** What the browser calls itself. */
  readonly agent: string;
}

export interface BegunSession {
  readonly id: number;
  /** The cookie's text, told here and never again. */
  readonly text: string;
  /** ms since the epoch. */
  readonly expiresAt: number;
}

/** Begins a session with a secret of its own. */
export async function beginSession(
  client: Queryable,
  { person, team, address, agent }: NewSession,
  { random, now }: { readonly random: Random; readonly now: number },
): Promise<BegunSession> {
  const text = newSecret("pls_", random);
  const expiresAt = now + lifeMs;
  const { rows } = await client.query<{ id: number }>(
    `insert into session (hash, person_id, team_id, created_at, seen_at, expires_at, address, agent)
     values ($1, $2, $3, $4, $4, $5, $6, $7) returning id`,
    [hashOfSecret(text), person, team, iso(now), iso(expiresAt), address, agent.slice(0, 200)],
  );
  return { id: rows[0]?.id ?? 0, text, expiresAt };
}

interface SessionRow {
  readonly id: number;
  readonly team_id: number | null;
  readonly person_id: number;
  readonly username: string;
  readonly is_admin: boolean;
  readonly must_change: boolean;
  readonly member_team: number | null;
  readonly role: string | null;
  readonly permissions: readonly string[] | null;
  readonly stale: boolean;
}

/** A session's secret as it was sent, from where and when (ms). */
export interface SessionSent {
  readonly text: string;
  readonly address: string;
  readonly now: number;
}

/** Whose session this is; `null` for one that is unknown, has rested too long or has ended, or of somebody who may no longer sign in. */
export async function actorOfSession(pool: Pool, { text, address, now }: SessionSent): Promise<Actor | null> {
  const { rows } = await pool.query<SessionRow>(
    `select s.id, s.team_id, p.id as person_id, p.username, p.is_admin, p.must_change, m.team_id as member_team, m.role,
       r.permissions, s.seen_at < $4::timestamptz as stale
     from session s
     join person p on p.id = s.person_id
     left join lateral (
       select team_id, role from membership where person_id = p.id
       order by team_id is distinct from s.team_id, team_id limit 1
     ) m on true
     left join role r on m.role = 'role:' || r.id
     where s.hash = $1 and p.is_enabled and s.expires_at > $2 and s.seen_at > $3`,
    [hashOfSecret(text), iso(now), iso(now - idleMs), iso(now - seenEvery)],
  );
  const row = rows[0];
  if (row === undefined) return null;
  if (row.stale)
    await pool.query("update session set seen_at = $2, address = $3 where id = $1", [row.id, iso(now), address]);
  return {
    id: `person:${row.person_id}`,
    name: row.username,
    person: row.person_id,
    isAdmin: row.is_admin,
    team: row.is_admin ? row.team_id : (row.member_team ?? noTeam),
    permissions: row.is_admin ? allPermissions : permissionsOfRole(row.role ?? "", row.permissions),
    address,
    session: row.id,
    mustChange: row.must_change,
  };
}

/** A session as its owner sees it. */
export interface SessionSeen {
  readonly id: number;
  readonly createdAt: Date;
  readonly seenAt: Date;
  readonly address: string;
  readonly agent: string;
}

/** A person's sessions that have not ended, the last used first. */
export async function sessionsOf(client: Queryable, person: number, now: number): Promise<readonly SessionSeen[]> {
  const { rows } = await client.query<SessionSeen>(
    `select id, created_at as "createdAt", seen_at as "seenAt", address, agent from session
     where person_id = $1 and expires_at > $2 and seen_at > $3 order by seen_at desc, id desc limit 200`,
    [person, iso(now), iso(now - idleMs)],
  );
  return rows;
}

/** Ends one of a person's sessions; answers whether there was one. */
export async function endSession(client: Queryable, person: number, id: number): Promise<boolean> {
  const { rowCount } = await client.query("delete from session where person_id = $1 and id = $2", [person, id]);
  return rowCount === 1;
}

/** Ends all sessions of a person: whenever its password changes or it may no longer sign in. */
export async function endSessions(client: Queryable, person: number): Promise<void> {
  await client.query("delete from session where person_id = $1", [person]);
}

/** Ends the session of this secret, if there is one. */
export async function endSessionOf(client: Queryable, text: string): Promise<void> {
  await client.query("delete from session where hash = $1", [hashOfSecret(text)]);
}

/** Has a session act for another team (`null`: an administrator for all). */
export async function moveSession(client: Queryable, id: number, team: number | null): Promise<void> {
  await client.query("update session set team_id = $2 where id = $1", [id, team]);
}

/** Removes what has ended. */
export async function dropEndedSessions(client: Queryable, now: number): Promise<void> {
  await client.query("delete from session where expires_at < $1 or seen_at < $2", [iso(now), iso(now - idleMs)]);
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
