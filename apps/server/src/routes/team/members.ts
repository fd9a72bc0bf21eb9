import { idParams, pageQuery, rowId, saveTeamUserV1, teamUsersV1, teamUserV1 } from "@plimsoll/contract";
import { dropTeamMember, listMembers, type Member, readMember, saveTeamMember } from "@plimsoll/platform";
import { z } from "zod";
import { route } from "../../route.ts";
import { offsetPageOf } from "../page.ts";
import { roleFields, sentRole } from "../role/role-words.ts";

const path = "/platform/v1/teams/:id/users";
const one = `${path}/:userId`;
const params = idParams.extend({ userId: z.coerce.number().pipe(rowId) });

export const listTeamUsers = route({
  method: "GET",
  path,
  permission: "team.read",
  summary: "Members of a team, by name",
  schemas: { params: idParams, query: pageQuery, answer: teamUsersV1 },
  handle: async (services, { params: { id }, query, actor }) => {
    const page = await listMembers(services, actor, { team: id, query });
    return { data: page.rows.map(answerOf), page: offsetPageOf(path.replace(":id", String(id)), query, page) };
  },
});

export const readTeamUser = route({
  method: "GET",
  path: one,
  permission: "team.read",
  summary: "One member of a team",
  schemas: { params, answer: teamUserV1 },
  handle: async (services, { params: { id, userId }, actor }) =>
    answerOf(await readMember(services, actor, { team: id, person: userId })),
});

export const saveTeamUser = route({
  method: "PUT",
  path: one,
  permission: "team.edit",
  summary: "Let a user into a team, or give another role there",
  schemas: { params, body: saveTeamUserV1, answer: teamUserV1 },
  handle: async (services, { params: { id, userId }, body, actor }) => {
    const { member } = await saveTeamMember(services, actor, { team: id, person: userId, role: sentRole(body) });
    return answerOf(member);
  },
});

export const dropTeamUser = route({
  method: "DELETE",
  path: one,
  permission: "team.edit",
  summary: "Take a user out of a team",
  status: 204,
  schemas: { params },
  handle: async (services, { params: { id, userId }, actor }) => {
    await dropTeamMember(services, actor, { team: id, person: userId });
    return undefined;
  },
});

function answerOf({ team, person, role }: Member) {
  return { teamId: team, userId: person, ...roleFields(role) };
}
