import { listRows, type Page, type PageQuery } from "../paged-rows.ts";
import type { Queryable } from "../transaction.ts";

/** A person as administrators see it. */
export interface User {
  readonly id: number;
  readonly version: number;
  readonly username: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly isAdmin: boolean;
  readonly isEnabled: boolean;
  /** Still has the password that was told once. */
  readonly mustChange: boolean;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

const columns = `p.id, p.version, p.username, p.first_name as "firstName", p.last_name as "lastName", p.is_admin as "isAdmin",
  p.is_enabled as "isEnabled", p.must_change as "mustChange", p.created_at as "createdAt", p.updated_at as "updatedAt"`;
const fields = {
  email: "p.username",
  id: "p.id",
  username: "p.username",
  firstName: "p.first_name",
  lastName: "p.last_name",
  isAdmin: "p.is_admin",
  isEnabled: "p.is_enabled",
  dateCreated: "p.created_at",
};

/** Users by name. Throws BAD_VALUE. */
export function usersPage(client: Queryable, query: PageQuery): Promise<Page<User>> {
  return listRows<User>(client, { columns, from: "person p", where: "true", fields, query });
}

/** Everybody's name and id, as the reference's clients look them up: all at once. */
export async function userNames(
  client: Queryable,
): Promise<readonly Pick<User, "id" | "username" | "firstName" | "lastName">[]> {
  const { rows } = await client.query(
    `select p.id, p.username, p.first_name as "firstName", p.last_name as "lastName" from person p order by p.username limit 100000`,
  );
  return rows;
}

export async function userOfId(client: Queryable, id: number): Promise<User | null> {
  const { rows } = await client.query<User>(`select ${columns} from person p where p.id = $1`, [id]);
  return rows[0] ?? null;
}

/** In whatever case. */
export async function userOfName(client: Queryable, username: string): Promise<User | null> {
  const { rows } = await client.query<User>(`select ${columns} from person p where lower(p.username) = lower($1)`, [
    username,
  ]);
  return rows[0] ?? null;
}

/** What is kept of somebody new. */
export interface NewPerson {
  readonly username: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly isAdmin: boolean;
  readonly hash: string;
  readonly now: number;
}

/** Makes a user and puts it into the default team, if there is one. `null`: the name is taken. */
export async function addUser(client: Queryable, made: NewPerson): Promise<number | null> {
  const { rows } = await client.query<{ id: number }>(
    `insert into person (username, first_name, last_name, password, must_change, is_admin, is_enabled, created_at, updated_at)
     values ($1, $2, $3, $4, true, $5, true, $6, $6) on conflict do nothing returning id`,
    [made.username, made.firstName, made.lastName, made.hash, made.isAdmin, new Date(made.now)],
  );
  const id = rows[0]?.id ?? null;
  if (id !== null) await joinDefaultTeam(client, id);
  return id;
}

/** Who is in no team joins the default one. */
export async function joinDefaultTeam(client: Queryable, id: number): Promise<void> {
  await client.query(
    `insert into membership (person_id, team_id, role) select $1, t.id, t.default_role from team t
     where t.is_default and not exists (select from membership where person_id = $1)`,
    [id],
  );
}

/** Writes a user down anew; its version grows. Whether it was done: not when the name is another's. */
export async function changeUser(
  client: Queryable,
  {
    id,
    username,
    firstName,
    lastName,
    isAdmin,
    isEnabled,
  }: Omit<User, "version" | "mustChange" | "createdAt" | "updatedAt">,
  now: number,
): Promise<boolean> {
  const { rowCount } = await client.query(
    `update person set username = $2, first_name = $3, last_name = $4, is_admin = $5, is_enabled = $6,
       version = version + 1, updated_at = $7
     where id = $1 and not exists (select from person o where lower(o.username) = lower($2) and o.id <> $1)`,
    [id, username, firstName, lastName, isAdmin, isEnabled, new Date(now)],
  );
  return rowCount === 1;
}

/** Deletes a user with its tokens, sessions and memberships. */
export async function removeUser(client: Queryable, id: number): Promise<void> {
  await client.query("delete from person where id = $1", [id]);
}

/** Ids of the administrators who can sign in; while the transaction lasts nobody changes them. */
export async function administratorsForChange(client: Queryable): Promise<readonly number[]> {
  const { rows } = await client.query<{ id: number }>(
    "select id from person where is_admin and is_enabled and password is not null order by id for update",
  );
  return rows.map(({ id }) => id);
}

/** The user that is about to be changed. */
export async function userForChange(client: Queryable, id: number): Promise<User | null> {
  const { rows } = await client.query<User>(`select ${columns} from person p where p.id = $1 for update`, [id]);
  return rows[0] ?? null;
}
