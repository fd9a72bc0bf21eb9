import { platformError } from "../../errors.ts";
import type { Actor } from "../../identity/actor.ts";
import { demandWhole, grantedRole } from "../../identity/grants.ts";
import { recordAudit } from "../../store/audit/record-audit.ts";
import { idsOfNames, keepMembers, saveMember } from "../../store/identity/members.ts";
import {
  createTeam,
  isNameTaken,
  lockTeams,
  removeTeam,
  setTeamScope,
  type Team,
  teamOfId,
  unknownZones,
  writeTeam,
} from "../../store/identity/teams.ts";
import { inTransaction, type Queryable } from "../../store/transaction.ts";
import { teamScopePath } from "../../zones/team-scope.ts";
import type { Services } from "../services.ts";

/** What a team is to be; what is absent stays, or is what new teams have. */
export interface WantedTeam {
  readonly name: string;
  readonly description?: string | undefined;
  readonly allZones?: boolean | undefined;
  readonly zones?: readonly number[] | undefined;
  readonly isDefault?: boolean | undefined;
  readonly defaultRole?: string | undefined;
  readonly filter?: string | undefined;
  readonly settings?: Readonly<Record<string, unknown>> | undefined;
  /** All its members; absent: they stay. */
  readonly members?: readonly WantedMember[] | undefined;
}

/** A member by id or by name; without a role it gets the team's default one. */
export interface WantedMember {
  readonly person?: number | undefined;
  readonly username?: string | undefined;
  readonly role?: string | undefined;
}

/** Makes a team. Throws FORBIDDEN, NAME_TAKEN, BAD_VALUE (zones, members, roles), BAD_ZONE (its filter), CANNOT_GRANT. */
export async function makeTeam({ pool, clock }: Services, actor: Actor, wanted: WantedTeam): Promise<Team> {
  demandWhole(actor);
  const now = clock();
  return inTransaction(pool, async (client) => {
    await lockTeams(client);
    if (await isNameTaken(client, wanted.name, 0)) throw taken();
    const id = await createTeam(client, { name: wanted.name, description: "", allZones: false }, now);
    await write(client, actor, { team: await known(client, id), wanted, now });
    // Making it is its first version.
    await client.query("update team set version = 1 where id = $1", [id]);
    const detail = { name: wanted.name };
    await recordAudit(client, actor, { action: "team.create", subject: `team:${id}`, detail, at: now });
    return known(client, id);
  });
}

/** Changes a team of that version (absent: of any). Throws as {@link makeTeam} does, NOT_FOUND, STALE_VERSION. */
export async function updateTeam(
  { pool, clock }: Services,
  actor: Actor,
  { id, version, wanted }: { readonly id: number; readonly version?: number | undefined; readonly wanted: WantedTeam },
): Promise<Team> {
  demandWhole(actor);
  const now = clock();
  return inTransaction(pool, async (client) => {
    await lockTeams(client);
    const team = await known(client, id);
    if (version !== undefined && version !== team.version) {
      throw platformError("STALE_VERSION", { fields: { what: "team", version: team.version } });
    }
    if (await isNameTaken(client, wanted.name, id)) throw taken();
    await write(client, actor, { team, wanted, now });
    const { settings: _, ...detail } = wanted;
    await recordAudit(client, actor, { action: "team.update", subject: `team:${id}`, detail, at: now });
    return known(client, id);
  });
}

/** Deletes a team, its tokens and memberships. Throws FORBIDDEN, NOT_FOUND, IN_USE (the default team). */
export async function deleteTeam({ pool, clock }: Services, actor: Actor, id: number): Promise<void> {
  demandWhole(actor);
  await inTransaction(pool, async (client) => {
    await lockTeams(client);
    const { name, isDefault } = await known(client, id);
    if (isDefault)
      throw platformError("IN_USE", { fields: { what: "team", users: "new users join it (it is the default team)" } });
    await removeTeam(client, id);
    await recordAudit(client, actor, { action: "team.delete", subject: `team:${id}`, detail: { name }, at: clock() });
  });
}

interface Writing {
  readonly team: Team;
  readonly wanted: WantedTeam;
  readonly now: number;
}

async function write(client: Queryable, actor: Actor, { team, wanted, now }: Writing): Promise<void> {
  const { name, description = team.description, isDefault = team.isDefault, filter = team.filter } = wanted;
  const scope = teamScopePath(filter);
  const sight = await sightOf(client, team, wanted);
  const { defaultRole: sent } = wanted;
  const defaultRole = sent === undefined ? team.defaultRole : await grantedRole(client, actor, sent);
  const settings = { ...team.settings, ...wanted.settings };
  await writeTeam(client, team.id, { name, description, ...sight, isDefault, defaultRole, filter, settings, now });
  if (filter !== team.filter) await setTeamScope(client, team.id, scope);
  const { members } = wanted;
  if (members !== undefined) await writeMembers(client, actor, { team: team.id, defaultRole, members });
}

/** All zones or some: naming zones is enough to mean those alone. */
async function sightOf(client: Queryable, team: Team, wanted: WantedTeam): Promise<Pick<Team, "allZones" | "zones">> {
  const namesZones = wanted.zones !== undefined && wanted.zones.length > 0;
  const allZones = wanted.allZones ?? (team.allZones && !namesZones);
  const zones = [...new Set(wanted.zones ?? (allZones ? [] : team.zones))];
  if (allZones && zones.length > 0) throw badValue("zones", "a team that sees all zones needs none");
  const unknown = await unknownZones(client, zones);
  if (unknown.length > 0) throw badValue("zones", `there is no zone ${unknown.slice(0, 10).join(", ")}`);
  return { allZones, zones };
}

async function writeMembers(
  client: Queryable,
  actor: Actor,
  {
    team,
    defaultRole,
    members,
  }: { readonly team: number; readonly defaultRole: string; readonly members: readonly WantedMember[] },
): Promise<void> {
  const names = await idsOfNames(
    client,
    members.flatMap(({ username }) => username ?? []),
  );
  const wanted = new Map<number, string>();
  for (const { person: id, username = "", role } of members) {
    const person = id ?? names.get(username);
    if (person === undefined) throw badValue("members", `there is no user ${JSON.stringify(username)}`);
    wanted.set(person, role === undefined ? defaultRole : await grantedRole(client, actor, role));
  }
  const people = [...wanted.keys()].sort((a, b) => a - b);
  await keepMembers(client, team, people);
  for (const person of people) {
    const saved = await saveMember(client, { team, person, role: wanted.get(person) ?? defaultRole });
    if (saved === null) throw badValue("members", `there is no user ${person}`);
  }
}

async function known(client: Queryable, id: number): Promise<Team> {
  const team = await teamOfId(client, id);
  if (team === null) throw platformError("NOT_FOUND", { fields: { what: "team" } });
  return team;
}

function taken() {
  return platformError("NAME_TAKEN", { fields: { what: "team" } });
}

function badValue(field: string, why: string) {
  return platformError("BAD_VALUE", { fields: { field, why } });
}
