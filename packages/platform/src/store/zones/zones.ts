import { platformError } from "../../errors.ts";
import type { ZoneScopes } from "../../zones/zone-scopes.ts";
import { jsonForStore } from "../ingest/json-for-store.ts";
import { listRows, type Page, type PageQuery } from "../paged-rows.ts";
import type { Queryable } from "../transaction.ts";

/** A zone: part of what there is, by which teams see and lists are filtered. */
export interface Zone {
  readonly id: number;
  readonly name: string;
  readonly description: string;
  /** Comes with the program: holds everything. */
  readonly isSystem: boolean;
  /** Names of who made it and who changed it last. */
  readonly author: string;
  readonly updatedBy: string;
  readonly updatedAt: Date;
  readonly scopes: ZoneScopes;
}

const columns = `z.id, z.name, z.description, z.is_system as "isSystem", z.author, z.updated_by as "updatedBy",
  z.updated_at as "updatedAt", z.scopes`;

/** Zones, but for the private scopes of teams. Throws BAD_VALUE. */
export function zonesPage(client: Queryable, query: PageQuery): Promise<Page<Zone>> {
  return listRows<Zone>(client, {
    columns,
    from: "zone z",
    where: "z.of_team is null",
    fields: {
      name: "z.name",
      id: "z.id",
      author: "z.author",
      description: "z.description",
      lastUpdated: "z.updated_at",
    },
    query,
  });
}

/** A zone by its id; `null`: there is none. */
export async function zoneOfId(client: Queryable, id: number): Promise<Zone | null> {
  const { rows } = await client.query<Zone>(`select ${columns} from zone z where z.id = $1 and z.of_team is null`, [
    id,
  ]);
  return rows[0] ?? null;
}

/** What is kept of a zone that is made or changed. */
export interface ZoneContent {
  readonly name: string;
  readonly description: string;
  readonly scopes: ZoneScopes;
  /** The scopes as a jsonpath. */
  readonly matches: string;
}

/** Who changes what when. */
export interface Change {
  readonly by: string;
  readonly at: number;
}

/** Most zones of an installation: every asset is judged by all of them as it comes in. */
const mostZones = 1000;

/** Makes a zone and lets the assets in. Throws NAME_TAKEN, BAD_VALUE. */
export async function addZone(client: Queryable, content: ZoneContent, { by, at }: Change): Promise<number> {
  await lockZones(client);
  const { rows } = await client.query<{ id: number }>(
    `insert into zone (name, description, is_system, author, scopes, matches, updated_by, created_at, updated_at)
     select $1, $2, false, $3, $4, $5::jsonpath, $3, $6, $6
     where (select count(*) from zone) < $7 and not exists (select from zone where name = $1 and of_team is null)
     returning id`,
    [content.name, content.description, by, jsonForStore(content.scopes), content.matches, new Date(at), mostZones],
  );
  const [made] = rows;
  if (made === undefined) throw await refusal(client, content.name);
  await client.query("select apply_zone($1, $2::jsonpath)", [made.id, content.matches]);
  return made.id;
}

async function refusal(client: Queryable, name: string) {
  const { rows } = await client.query("select from zone where name = $1 and of_team is null", [name]);
  if (rows.length > 0) return platformError("NAME_TAKEN", { fields: { what: "zone" } });
  return platformError("BAD_VALUE", { fields: { field: "a zone", why: `there are ${mostZones} already` } });
}

/** Changes a zone and moves the assets it gains or loses. Throws NAME_TAKEN. */
export async function changeZone(
  client: Queryable,
  { id, content }: { readonly id: number; readonly content: ZoneContent },
  { by, at }: Change,
): Promise<void> {
  await lockZones(client);
  const { rows } = await client.query(
    `update zone set name = $2, description = $3, scopes = $4, matches = $5::jsonpath, updated_by = $6, updated_at = $7
     where id = $1 and not exists (select from zone o where o.name = $2 and o.id <> $1 and o.of_team is null) returning id`,
    [id, content.name, content.description, jsonForStore(content.scopes), content.matches, by, new Date(at)],
  );
  if (rows.length === 0) throw platformError("NAME_TAKEN", { fields: { what: "zone" } });
  await client.query("select apply_zone($1, $2::jsonpath)", [id, content.matches]);
}

/** Deletes a zone; teams that had it have it no longer. */
export async function removeZone(client: Queryable, id: number): Promise<void> {
  await lockZones(client);
  await client.query("select apply_zone($1, null)", [id]);
  await client.query("delete from zone where id = $1", [id]);
}

/** One change of zones at a time, and no asset comes in meanwhile: always taken before any row is. */
async function lockZones(client: Queryable): Promise<void> {
  await client.query("select pg_advisory_xact_lock(7212)");
}

/** Names of the teams that a zone is given to. */
export async function teamsOfZone(client: Queryable, id: number): Promise<readonly string[]> {
  const { rows } = await client.query<{ name: string }>(
    "select t.name from team_zone tz join team t on t.id = tz.team_id where tz.zone_id = $1 order by t.name",
    [id],
  );
  return rows.map(({ name }) => name);
}
