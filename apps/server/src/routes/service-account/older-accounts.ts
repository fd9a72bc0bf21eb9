import {
  idParams,
  olderServiceAccount,
  olderServiceAccountRequest,
  olderServiceAccounts,
  rowId,
} from "@plimsoll/contract";
import {
  createServiceAccount,
  deleteServiceAccount,
  listServiceAccounts,
  readServiceAccount,
  type ServiceAccount,
  updateServiceAccount,
} from "@plimsoll/platform";
import { z } from "zod";
import { route } from "../../route.ts";
import { roleWord } from "../role/role-words.ts";

const path = "/api/serviceaccounts/team";
const everything = { offset: 0, limit: 1000, filter: [], orderby: [] };

export const listServiceAccountsOlder = route({
  method: "GET",
  path,
  permission: "team.read",
  summary: "Service accounts of a team, in the older shape",
  schemas: { query: z.object({ teamId: z.coerce.number().pipe(rowId) }), answer: olderServiceAccounts },
  handle: async (services, { query: { teamId }, actor }) =>
    (await listServiceAccounts(services, actor, { team: teamId, query: everything })).rows.map(answerOf),
});

export const readServiceAccountOlder = route({
  method: "GET",
  path: `${path}/:id`,
  permission: "team.read",
  summary: "One service account of a team, as Terraform reads it",
  schemas: { params: idParams, answer: olderServiceAccount },
  handle: async (services, { params: { id }, actor }) =>
    answerOf(await readServiceAccount(services, actor, { id, realm: "any team" })),
});

/** Terraform takes nothing but 200. */
export const createServiceAccountOlder = route({
  method: "POST",
  path,
  permission: "team.edit",
  summary: "Make a service account of a team, as Terraform does; its token is told once",
  schemas: { body: olderServiceAccountRequest, answer: olderServiceAccount },
  handle: async (services, { body: { name, teamId, teamRole, expirationDate }, actor }) => {
    const wanted = { name, team: teamId, role: teamRole, expiresAt: expirationDate };
    const { account, text } = await createServiceAccount(services, actor, wanted);
    return { ...answerOf(account), apiKey: text };
  },
});

export const updateServiceAccountOlder = route({
  method: "PUT",
  path: `${path}/:id`,
  permission: "team.edit",
  summary: "Give a service account another name; all else stays",
  schemas: { params: idParams, body: olderServiceAccountRequest, answer: olderServiceAccount },
  handle: async (services, { params: { id }, body: { name }, actor }) =>
    answerOf(await updateServiceAccount(services, actor, { id, realm: "any team", name })),
});

export const deleteServiceAccountOlder = route({
  method: "DELETE",
  path: `${path}/:id/delete`,
  permission: "team.edit",
  summary: "Delete a service account of a team, as Terraform does",
  status: 204,
  schemas: { params: idParams },
  handle: async (services, { params: { id }, actor }) => {
    await deleteServiceAccount(services, actor, { id, realm: "any team" });
    return undefined;
  },
});

function answerOf({ id, name, team, role, createdAt, expiresAt }: ServiceAccount) {
  return {
    id,
    name,
    systemRole: "ROLE_SERVICE_ACCOUNT",
    teamId: team ?? 0,
    teamRole: roleWord(role),
    dateCreated: createdAt.getTime(),
    expirationDate: expiresAt?.getTime() ?? 0,
  };
}
