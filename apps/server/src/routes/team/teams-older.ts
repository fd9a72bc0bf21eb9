import { idParams, olderTeamAnswer, olderTeamRequest, olderTeamsAnswer } from "@plimsoll/contract";
import {
  deleteTeam,
  listTeams,
  type Member,
  makeTeam,
  membersOfTeams,
  readTeam,
  type Services,
  type Team,
  updateTeam,
  type WantedTeam,
} from "@plimsoll/platform";
import { z } from "zod";
import { route } from "../../route.ts";
import { roleWord } from "../role/role-words.ts";

const path = "/api/teams";
const one = `${path}/:id`;
/** All at once: the older list has no pages. */
const everything = { offset: 0, limit: 1000, filter: [], orderby: [] };

export const listTeamsOlder = route({
  method: "GET",
  path,
  permission: "team.read",
  summary: "Teams with their members, as the reference's older clients read them",
  schemas: { answer: olderTeamsAnswer },
  handle: async (services, { actor }) => {
    const { rows } = await listTeams(services, actor, everything);
    return { teams: await withMembers(services, rows) };
  },
});

export const readTeamOlder = route({
  method: "GET",
  path: one,
  permission: "team.read",
  summary: "One team with its members",
  schemas: { params: idParams, answer: olderTeamAnswer },
  handle: async (services, { params, actor }) => answerOf(services, await readTeam(services, actor, params.id)),
});

export const readTeamByName = route({
  method: "GET",
  path: "/api/v2/teams/light/name/:name",
  permission: "team.read",
  summary: "One team by its name, as the reference's Python client asks",
  schemas: { params: z.object({ name: z.string().min(1).max(200) }), answer: olderTeamAnswer },
  handle: async (services, { params, actor }) => answerOf(services, await readTeam(services, actor, params.name)),
});

export const createTeamOlder = route({
  method: "POST",
  path,
  permission: "users.edit",
  summary: "Make a team with its members, as Terraform does",
  schemas: { body: olderTeamRequest, answer: olderTeamAnswer },
  handle: async (services, { body, actor }) => answerOf(services, await makeTeam(services, actor, wanted(body))),
});

export const updateTeamOlder = route({
  method: "PUT",
  path: one,
  permission: "users.edit",
  summary: "Change a team and its members, as Terraform does: who is not named is no longer in it",
  schemas: { params: idParams, body: olderTeamRequest, answer: olderTeamAnswer },
  handle: async (services, { params: { id }, body, actor }) =>
    answerOf(services, await updateTeam(services, actor, { id, version: body.version, wanted: wanted(body) })),
});

export const deleteTeamOlder = route({
  method: "DELETE",
  path: one,
  permission: "users.edit",
  summary: "Delete a team with its tokens",
  status: 204,
  schemas: { params: idParams },
  handle: async (services, { params, actor }) => {
    await deleteTeam(services, actor, params.id);
    return undefined;
  },
});

/** Terraform leaves out what is empty: no members, no zones, no filter. */
function wanted(body: z.output<typeof olderTeamRequest>): WantedTeam {
  const {
    id: _,
    version: __,
    products: ___,
    name,
    description,
    filter,
    default: isDefault,
    defaultTeamRole: defaultRole,
    allZones,
    zoneIds,
    userRoles,
    ...settings
  } = body;
  return {
    name,
    description: description ?? "",
    allZones: allZones ?? false,
    zones: zoneIds ?? [],
    isDefault: isDefault ?? false,
    defaultRole,
    filter: filter ?? "",
    settings,
    members: (userRoles ?? []).map(({ userId, userName, role }) => ({ person: userId, username: userName, role })),
  };
}

async function answerOf(services: Services, team: Team): Promise<z.input<typeof olderTeamAnswer>> {
  const [answer] = await withMembers(services, [team]);
  return { team: answer ?? olderTeam(team, []) };
}

async function withMembers(services: Services, teams: readonly Team[]) {
  const members = Map.groupBy(await membersOfTeams(services, teams), ({ team }) => team);
  return teams.map((team) => olderTeam(team, members.get(team.id) ?? []));
}

/** What a team shows that no client has set: the reference's own defaults. Its Python client reads each of them. */
const usual = {
  theme: "#73A1F7",
  show: "container",
  canUseSysdigCapture: true,
  canUseAgentCli: true,
  canUseRapidResponse: false,
  canUseCustomEvents: false,
  canUseAwsMetrics: false,
  entryPoint: { module: "Explore" },
} as const;

function olderTeam(team: Team, members: readonly Member[]): z.input<typeof olderTeamAnswer>["team"] {
  const { additionalTeamPermissions: _, uiSettings: __, zones: ___, filter: ____, ...kept } = team.settings;
  return {
    ...usual,
    ...kept,
    id: team.id,
    version: team.version,
    name: team.name,
    description: team.description,
    filter: team.filter,
    default: team.isDefault,
    defaultTeamRole: roleWord(team.defaultRole),
    allZones: team.allZones,
    zoneIds: [...team.zones],
    products: ["SDS"],
    immutable: false,
    origin: "SYSDIG",
    customerId: 1,
    userCount: members.length,
    userRoles: members.map(({ person, username, isAdmin, team: teamId, role }) => ({
      teamId,
      userId: person,
      userName: username,
      role: roleWord(role),
      admin: isAdmin,
    })),
    dateCreated: team.createdAt.getTime(),
    lastUpdated: team.updatedAt.getTime(),
  };
}
