import {
  idParams,
  pageQuery,
  rowId,
  serviceAccountsV1,
  serviceAccountV1,
  teamServiceAccountRequest,
} from "@plimsoll/contract";
import {
  createServiceAccount,
  deleteServiceAccount,
  listServiceAccounts,
  readServiceAccount,
} from "@plimsoll/platform";
import { z } from "zod";
import { route } from "../../route.ts";
import { offsetPageOf } from "../page.ts";
import { serviceAccountAnswer } from "./service-account-answer.ts";

const path = "/platform/v1/teams/:id/service-accounts";
const one = `${path}/:accountId`;
const params = idParams.extend({ accountId: z.coerce.number().pipe(rowId) });

export const listTeamServiceAccounts = route({
  method: "GET",
  path,
  permission: "team.read",
  summary: "Service accounts of a team, by name; never their tokens",
  schemas: { params: idParams, query: pageQuery, answer: serviceAccountsV1 },
  handle: async (services, { params: { id }, query, actor }) => {
    const page = await listServiceAccounts(services, actor, { team: id, query });
    return {
      data: page.rows.map(serviceAccountAnswer),
      page: offsetPageOf(path.replace(":id", String(id)), query, page),
    };
  },
});

export const readTeamServiceAccount = route({
  method: "GET",
  path: one,
  permission: "team.read",
  summary: "One service account of a team",
  schemas: { params, answer: serviceAccountV1 },
  handle: async (services, { params: { id, accountId }, actor }) =>
    serviceAccountAnswer(await readServiceAccount(services, actor, { id: accountId, realm: id })),
});

export const createTeamServiceAccount = route({
  method: "POST",
  path,
  permission: "team.edit",
  summary: "Make a service account of a team; its token is told once",
  status: 201,
  schemas: { params: idParams, body: teamServiceAccountRequest, answer: serviceAccountV1 },
  handle: async (services, { params: { id }, body: { name, teamRole, expirationDate }, actor }) => {
    const wanted = { name, team: id, role: teamRole, expiresAt: expirationDate };
    const { account, text } = await createServiceAccount(services, actor, wanted);
    return { ...serviceAccountAnswer(account), apiKey: text };
  },
});

export const deleteTeamServiceAccount = route({
  method: "DELETE",
  path: one,
  permission: "team.edit",
  summary: "Delete a service account of a team",
  status: 204,
  schemas: { params },
  handle: async (services, { params: { id, accountId }, actor }) => {
    await deleteServiceAccount(services, actor, { id: accountId, realm: id });
    return undefined;
  },
});
