import {
  globalServiceAccountRequest,
  idParams,
  pageQuery,
  serviceAccountsV1,
  serviceAccountV1,
} from "@plimsoll/contract";
import {
  createServiceAccount,
  deleteServiceAccount,
  listServiceAccounts,
  readServiceAccount,
} from "@plimsoll/platform";
import { route } from "../../route.ts";
import { offsetPageOf } from "../page.ts";
import { serviceAccountAnswer } from "./service-account-answer.ts";

const path = "/platform/v1/service-accounts";
const one = `${path}/:id`;

export const listGlobalServiceAccounts = route({
  method: "GET",
  path,
  permission: "users.edit",
  summary: "Service accounts of the whole installation, by name; never their tokens",
  schemas: { query: pageQuery, answer: serviceAccountsV1 },
  handle: async (services, { query, actor }) => {
    const page = await listServiceAccounts(services, actor, { team: null, query });
    return { data: page.rows.map(serviceAccountAnswer), page: offsetPageOf(path, query, page) };
  },
});

export const readGlobalServiceAccount = route({
  method: "GET",
  path: one,
  permission: "users.edit",
  summary: "One service account of the whole installation",
  schemas: { params: idParams, answer: serviceAccountV1 },
  handle: async (services, { params: { id }, actor }) =>
    serviceAccountAnswer(await readServiceAccount(services, actor, { id, realm: null })),
});

export const createGlobalServiceAccount = route({
  method: "POST",
  path,
  permission: "users.edit",
  summary: "Make a service account of the whole installation; its token is told once",
  status: 201,
  schemas: { body: globalServiceAccountRequest, answer: serviceAccountV1 },
  handle: async (services, { body: { name, systemRoles, expirationDate }, actor }) => {
    const wanted = { name, team: null, role: systemRoles?.[0], expiresAt: expirationDate };
    const { account, text } = await createServiceAccount(services, actor, wanted);
    return { ...serviceAccountAnswer(account), apiKey: text };
  },
});

export const deleteGlobalServiceAccount = route({
  method: "DELETE",
  path: one,
  permission: "users.edit",
  summary: "Delete a service account of the whole installation",
  status: 204,
  schemas: { params: idParams },
  handle: async (services, { params: { id }, actor }) => {
    await deleteServiceAccount(services, actor, { id, realm: null });
    return undefined;
  },
});
