import type { Queryable } from "../transaction.ts";

/** What signing in asks about a person. */
export interface Credentials {
  readonly id: number;
  readonly username: string;
  /** PHC text; `null`: cannot sign in by password. */
  readonly password: string | null;
  readonly isEnabled: boolean;
  readonly mustChange: boolean;
}

/** By name, in whatever case. */
export async function credentialsOf(client: Queryable, username: string): Promise<Credentials | null> {
  const { rows } = await client.query<Credentials>(
    `select id, username, password, is_enabled as "isEnabled", must_change as "mustChange"
     from person where lower(username) = lower($1)`,
    [username],
  );
  return rows[0] ?? null;
}

/** Sets a password's hash. `mustChange`: somebody else knows it. */
export async function setPassword(
  client: Queryable,
  {
    person,
    hash,
    mustChange,
    now,
  }: { readonly person: number; readonly hash: string; readonly mustChange: boolean; readonly now: number },
): Promise<void> {
  await client.query(
    "update person set password = $2, must_change = $3, version = version + 1, updated_at = $4 where id = $1",
    [person, hash, mustChange, new Date(now).toISOString()],
  );
}

/** Makes the first person, an administrator; `null`: there is somebody already. */
export async function createFirstPerson(
  client: Queryable,
  { username, hash, now }: { readonly username: string; readonly hash: string; readonly now: number },
): Promise<number | null> {
  // Two servers may start on an empty database at once.
  await client.query("lock table person in share row exclusive mode");
  const { rows } = await client.query<{ id: number }>(
    `insert into person (username, first_name, last_name, password, must_change, is_admin, is_enabled, created_at, updated_at)
     select $1, '', '', $2, true, true, true, $3, $3 where not exists (select from person) returning id`,
    [username, hash, new Date(now).toISOString()],
  );
  return rows[0]?.id ?? null;
}

/** A person as it is shown to itself. */
export interface Person {
  readonly id: number;
  readonly version: number;
  readonly username: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly isAdmin: boolean;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export async function personById(client: Queryable, id: number): Promise<Person | null> {
  const { rows } = await client.query<Person>(
    `select id, version, username, first_name as "firstName", last_name as "lastName", is_admin as "isAdmin",
       created_at as "createdAt", updated_at as "updatedAt"
     from person where id = $1`,
    [id],
  );
  return rows[0] ?? null;
}

/** A team somebody may act for. */
export interface OwnTeam {
  readonly id: number;
  readonly name: string;
  /** A standard role's word, `role:ID`, or `ROLE_ADMIN`. */
  readonly role: string;
}

/** Teams that a person may act for: an administrator for all of them. */
export async function teamsOf(client: Queryable, person: number): Promise<readonly OwnTeam[]> {
  const { rows } = await client.query<OwnTeam>(
    `select t.id, t.name, case when p.is_admin then 'ROLE_ADMIN' else m.role end as role
     from person p
     cross join team t
     left join membership m on m.person_id = p.id and m.team_id = t.id
     where p.id = $1 and (p.is_admin or m.role is not null) order by t.name, t.id limit 10000`,
    [person],
  );
  return rows;
}
