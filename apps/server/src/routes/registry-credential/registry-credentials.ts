import {
  idParams,
  newRegistryCredential,
  newRegistryCredentialTestRequest,
  registryCredential,
  registryCredentialChange,
  registryCredentials,
  registryCredentialTest,
  registryCredentialTestRequest,
} from "@plimsoll/contract";
import {
  createCredential,
  readCredential,
  readCredentials,
  removeCredential,
  testCredential,
  testNewCredential,
  updateCredential,
} from "@plimsoll/platform";
import { route } from "../../route.ts";
import { credentialFacts, testFacts } from "./credential-facts.ts";

const path = "/secure/vulnerability/v1/registry-credentials";
const one = `${path}/:id`;

export const listRegistryCredentials = route({
  method: "GET",
  path,
  permission: "credentials.read",
  summary: "Registry credentials that the team may use, without their secrets",
  schemas: { answer: registryCredentials },
  handle: async (services, { actor }) => ({ data: (await readCredentials(services, actor)).map(credentialFacts) }),
});

export const readRegistryCredential = route({
  method: "GET",
  path: one,
  permission: "credentials.read",
  summary: "One registry credential, without its secret",
  schemas: { params: idParams, answer: registryCredential },
  handle: async (services, { params, actor }) => credentialFacts(await readCredential(services, actor, params.id)),
});

export const createRegistryCredential = route({
  method: "POST",
  path,
  permission: "credentials.edit",
  summary: "Keep a registry credential, its secret sealed",
  status: 201,
  schemas: { body: newRegistryCredential, answer: registryCredential },
  handle: async (services, { body, actor }) => credentialFacts(await createCredential(services, actor, body)),
});

export const updateRegistryCredential = route({
  method: "PUT",
  path: one,
  permission: "credentials.edit",
  summary: "Change a registry credential",
  schemas: { params: idParams, body: registryCredentialChange, answer: registryCredential },
  handle: async (services, { params, body, actor }) =>
    credentialFacts(await updateCredential(services, actor, { id: params.id, change: body })),
});

export const deleteRegistryCredential = route({
  method: "DELETE",
  path: one,
  permission: "credentials.edit",
  summary: "Forget a registry credential",
  status: 204,
  schemas: { params: idParams },
  handle: async (services, { params, actor }) => {
    await removeCredential(services, actor, params.id);
    return undefined;
  },
});

export const testRegistryCredential = route({
  method: "POST",
  path: `${one}/test`,
  permission: "credentials.read",
  summary: "Try a kept registry credential at its registry",
  schemas: { params: idParams, body: registryCredentialTestRequest, answer: registryCredentialTest },
  handle: async (services, { params, body, actor }) =>
    testFacts(await testCredential(services, actor, { id: params.id, image: body.image })),
});

export const testNewRegistryCredential = route({
  method: "POST",
  path: `${path}/test`,
  permission: "credentials.edit",
  summary: "Try a registry credential before it is kept",
  schemas: { body: newRegistryCredentialTestRequest, answer: registryCredentialTest },
  handle: async (services, { body, actor }) => testFacts(await testNewCredential(services, actor, body)),
});
