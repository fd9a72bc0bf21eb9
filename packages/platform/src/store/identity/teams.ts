import { jsonForStore } from "../ingest/json-for-store.ts";
import { listRows, type Page, type PageQuery } from "../paged-rows.ts";
import type { Queryable } from "../transaction.ts";

/** Whose results are seen together: people with roles, and the zones they see. */
export interface Team {
  readonly id: number;
  readonly version: number;
  readonly name: string;
  readonly description: string;
  readonly allZones: boolean;
  /** New users join it. */
  readonly isDefault: boolean;
  /** What members get who join without a role. */
  readonly defaultRole: string;
  readonly zones: readonly number[];
  readonly members: number;
  /** Rules over labels that everything it sees must satisfy besides its zones; empty: none. */
  readonly filter: string;
  /** What clients keep here and read back; nothing follows from it. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

const columns = `t.id, t.version, t.name, t.description, t.all_zones as "allZones", t.is_default as "isDefault",
  t.default_role as "defaultRole", coalesce(t.settings ->> 'filter', '') as filter, t.settings,
  array(select tz.zone_id from team_zone tz where tz.team_id = t.id
    order by array_position(array(select jsonb_array_elements_text(coalesce(t.settings -> 'zones', '[]'))), tz.zone_id::text), 1) as zones,
  (select count(*) from membership m where m.team_id = t.id) as members, t.created_at as "createdAt", t.updated_at as "updatedAt"`;
const fields = {
  name: "t.name",
  id: "t.id",
  isDefaultTeam: "t.is_default",
  isAllZones: "t.all_zones",
  dateCreated: "t.created_at",
};

/** Teams by name: all of them, or the one that is seen (`only`). Throws BAD_VALUE. */
export function teamsPage(client: Queryable, only: number | null, query: PageQuery): Promise<Page<Team>> {
  return listRows<Team>(client, {
    columns,
    from: "team t",
    where: "($1::integer is null or t.id = $1)",
    values: [only],
    fields,
    query,
  });
}

export async function teamOfId(client: Queryable, id: number): Promise<Team | null> {
  const { rows } = await client.query<Team>(`select ${columns} from team t where t.id = $1`, [id]);
  return rows[0] ?? null;
}

export async function teamOfName(client: Queryable, name: string): Promise<Team | null> {
  const { rows } = await client.query<Team>(`select ${columns} from team t where t.name = $1`, [name]);
  return rows[0] ?? null;
}

/** What is to be made: a team. */
export interface NewTeam {
  readonly name: string;
  readonly description: string;
  readonly allZones: boolean;
}

/** Makes a team; its name must be new. Returns its id. */
export async function createTeam(
  client: Queryable,
  { name, description, allZones }: NewTeam,
  now: number,
): Promise<number> {
  const { rows } = await client.query<{ id: number }>(
    `insert into team (name, description, all_zones, is_default, created_at, updated_at)
     values ($1, $2, $3, false, $4, $4) returning id`,
    [name, description, allZones, new Date(now).toISOString()],
  );
  return rows[0]?.id ?? 0;
}

/** What is kept of a team besides its members. */
export type TeamContent = Omit<Team, "id" | "version" | "members" | "createdAt" | "updatedAt">;

/** Another team has the name; the caller holds {@link lockTeams}. */
export async function isNameTaken(client: Queryable, name: string, except: number): Promise<boolean> {
  const { rows } = await client.query("select from team where name = $1 and id <> $2", [name, except]);
  return rows.length > 0;
}

/** One change of teams at a time; always taken before zones are (7212). */
export async function lockTeams(client: Queryable): Promise<void> {
  await client.query("select pg_advisory_xact_lock(7214)");
}

/** Writes a team down anew; its version grows. Zones must exist. */
export async function writeTeam(
  client: Queryable,
  id: number,
  content: TeamContent & { readonly now: number },
): Promise<void> {
  if (content.isDefault) await client.query("update team set is_default = false where is_default and id <> $1", [id]);
  const settings = { ...content.settings, filter: content.filter, zones: content.zones };
  await client.query(
    `update team set name = $2, description = $3, all_zones = $4, is_default = $5, default_role = $6, settings = $7,
       version = version + 1, updated_at = $8
     where id = $1`,
    [
      id,
      content.name,
      content.description,
      content.allZones,
      content.isDefault,
      content.defaultRole,
      jsonForStore(settings),
      new Date(content.now),
    ],
  );
  await client.query("delete from team_zone where team_id = $1", [id]);
  await client.query("insert into team_zone (team_id, zone_id) select $1, unnest($2::integer[])", [id, content.zones]);
}

/** Those of the ids that are no zones. */
export async function unknownZones(client: Queryable, ids: readonly number[]): Promise<readonly number[]> {
  const { rows } = await client.query<{ id: number }>(
    "select i.id from unnest($1::integer[]) as i(id) where not exists (select from zone z where z.id = i.id and z.of_team is null)",
    [ids],
  );
  return rows.map(({ id }) => id);
}

/** Lets a team see only what satisfies a condition (a jsonpath), besides its zones; `null`: all of it. */
export async function setTeamScope(client: Queryable, team: number, matches: string | null): Promise<void> {
  const { rows } = await client.query<{ id: number }>("select id from zone where of_team = $1", [team]);
  const known = rows[0]?.id;
  if (matches === null) {
    if (known === undefined) return;
    await client.query("select apply_zone($1, null)", [known]);
    await client.query("delete from zone where id = $1", [known]);
    return;
  }
  const { rows: made } = await client.query<{ id: number }>(
    `insert into zone (name, description, is_system, author, scopes, matches, updated_by, created_at, updated_at, of_team)
     select name, '', false, '', '[]', $2::jsonpath, '', now(), now(), id from team where id = $1
     on conflict (of_team) do update set matches = excluded.matches returning id`,
    [team, matches],
  );
  await client.query("select apply_zone($1, $2::jsonpath)", [made[0]?.id, matches]);
}

/** Deletes a team with its tokens and memberships. Its assets stay, for administrators alone, until they are old. */
export async function removeTeam(client: Queryable, id: number): Promise<void> {
  await setTeamScope(client, id, null);
  await client.query("delete from team where id = $1", [id]);
}
