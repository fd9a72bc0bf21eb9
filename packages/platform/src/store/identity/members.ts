import { listRows, type Page, type PageQuery } from "../paged-rows.ts";
import type { Queryable } from "../transaction.ts";

/** Somebody in a team. */
export interface Member {
  readonly person: number;
  readonly username: string;
  readonly isAdmin: boolean;
  readonly team: number;
  /** A standard role's word, or `role:ID`. */
  readonly role: string;
}

const columns = `m.person_id as person, p.username, p.is_admin as "isAdmin", m.team_id as team, m.role`;
const from = "membership m join person p on p.id = m.person_id";

export function membersPage(client: Queryable, team: number, query: PageQuery): Promise<Page<Member>> {
  const fields = { username: "p.username", id: "p.id", userId: "m.person_id" };
  return listRows<Member>(client, { columns, from, where: "m.team_id = $1", values: [team], fields, query });
}

/** All members of some teams. */
export async function membersOf(client: Queryable, teams: readonly number[]): Promise<readonly Member[]> {
  const { rows } = await client.query<Member>(
    `select ${columns} from ${from} where m.team_id = any ($1) order by p.username, p.id`,
    [teams],
  );
  return rows;
}

export async function memberOf(client: Queryable, team: number, person: number): Promise<Member | null> {
  const { rows } = await client.query<Member>(
    `select ${columns} from ${from} where m.team_id = $1 and m.person_id = $2`,
    [team, person],
  );
  return rows[0] ?? null;
}

/** Lets somebody into a team or gives another role there. Whether it is somebody new; `null`: there is no such person. */
export async function saveMember(
  client: Queryable,
  { team, person, role }: { readonly team: number; readonly person: number; readonly role: string },
): Promise<boolean | null> {
  const { rows } = await client.query<{ isNew: boolean }>(
    `insert into membership (person_id, team_id, role) select p.id, $1, $3 from person p where p.id = $2
     on conflict (person_id, team_id) do update set role = excluded.role returning xmax = 0 as "isNew"`,
    [team, person, role],
  );
  return rows[0]?.isNew ?? null;
}

/** Whether somebody was in the team. */
export async function removeMember(client: Queryable, team: number, person: number): Promise<boolean> {
  const { rowCount } = await client.query("delete from membership where team_id = $1 and person_id = $2", [
    team,
    person,
  ]);
  return (rowCount ?? 0) > 0;
}

/** Only these stay in a team. */
export async function keepMembers(client: Queryable, team: number, people: readonly number[]): Promise<void> {
  await client.query("delete from membership where team_id = $1 and person_id <> all ($2::integer[])", [team, people]);
}

/** Ids of people by name, in whatever case. */
export async function idsOfNames(client: Queryable, names: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const { rows } = await client.query<{ name: string; id: number }>(
    "select n.name, p.id from unnest($1::text[]) as n(name) join person p on lower(p.username) = lower(n.name)",
    [names],
  );
  return new Map(rows.map(({ name, id }) => [name, id]));
}
