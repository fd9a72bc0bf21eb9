import { idParams, pageQuery, teamRequestV1, teamsV1, teamV1 } from "@plimsoll/contract";
import { deleteTeam, listTeams, makeTeam, readTeam, type Team, updateTeam, type WantedTeam } from "@plimsoll/platform";
import type { z } from "zod";
import { route } from "../../route.ts";
import { offsetPageOf } from "../page.ts";
import { roleFields, sentRole } from "../role/role-words.ts";

const path = "/platform/v1/teams";
const one = `${path}/:id`;

export const listTeamsV1 = route({
  method: "GET",
  path,
  permission: "team.read",
  summary: "Teams, by name: administrators see all, others their own",
  schemas: { query: pageQuery, answer: teamsV1 },
  handle: async (services, { query, actor }) => {
    const page = await listTeams(services, actor, query);
    return { data: page.rows.map(answerOf), page: offsetPageOf(path, query, page) };
  },
});

export const readTeamV1 = route({
  method: "GET",
  path: one,
  permission: "team.read",
  summary: "One team",
  schemas: { params: idParams, answer: teamV1 },
  handle: async (services, { params, actor }) => answerOf(await readTeam(services, actor, params.id)),
});

export const createTeamV1 = route({
  method: "POST",
  path,
  permission: "users.edit",
  summary: "Make a team",
  status: 201,
  schemas: { body: teamRequestV1, answer: teamV1 },
  handle: async (services, { body, actor }) => answerOf(await makeTeam(services, actor, wanted(body))),
});

export const updateTeamV1 = route({
  method: "PUT",
  path: one,
  permission: "users.edit",
  summary: "Change a team; its members stay",
  schemas: { params: idParams, body: teamRequestV1, answer: teamV1 },
  handle: async (services, { params: { id }, body, actor }) =>
    answerOf(await updateTeam(services, actor, { id, version: body.version, wanted: wanted(body) })),
});

export const deleteTeamV1 = route({
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

function wanted(body: z.output<typeof teamRequestV1>): WantedTeam {
  const { additionalTeamPermissions, uiSettings } = body;
  return {
    name: body.name,
    description: body.description ?? undefined,
    allZones: body.isAllZones,
    zones: body.zoneIds ?? undefined,
    isDefault: body.isDefaultTeam,
    defaultRole: sentRole(body),
    filter: filterOf(body.scopes),
    settings: { ...(additionalTeamPermissions && { additionalTeamPermissions }), ...(uiSettings && { uiSettings }) },
  };
}

/** Several scopes must all hold. */
function filterOf(scopes: z.output<typeof teamRequestV1>["scopes"]): string | undefined {
  const said = (scopes ?? []).map(({ expression }) => expression).filter((expression) => expression.trim() !== "");
  if (said.length > 1) return said.map((expression) => `(${expression})`).join(" and ");
  return scopes === undefined || scopes === null ? undefined : (said[0] ?? "");
}

function answerOf(team: Team): z.input<typeof teamV1> {
  const { additionalTeamPermissions = {}, uiSettings = {} } = team.settings;
  return {
    id: team.id,
    version: team.version,
    name: team.name,
    description: team.description || null,
    product: "secure",
    isAllZones: team.allZones,
    isDefaultTeam: team.isDefault,
    isImmutableTeam: false,
    zoneIds: [...team.zones],
    scopes: team.filter === "" ? [] : [{ type: "HOST_CONTAINER", expression: team.filter }],
    ...roleFields(team.defaultRole),
    additionalTeamPermissions: { ...asObject(additionalTeamPermissions) },
    uiSettings: { ...asObject(uiSettings) },
    dateCreated: team.createdAt.toISOString(),
    lastUpdated: team.updatedAt.toISOString(),
  };
}

function asObject(value: unknown): object {
  return typeof value === "object" && value !== null ? value : {};
}
