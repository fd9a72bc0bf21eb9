import { idParams, olderRolesAnswer, pageQuery, roleAnswer, roleRequest, rolesV1 } from "@plimsoll/contract";
import {
  type CustomRole,
  createRole,
  deleteRole,
  listRoles,
  type NewRole,
  readRole,
  updateRole,
} from "@plimsoll/platform";
import type { z } from "zod";
import { route } from "../../route.ts";
import { offsetPageOf } from "../page.ts";

const path = "/platform/v1/roles";
const olderPath = "/api/roles";
/** All at once: the older list has no pages. */
const everything = { offset: 0, limit: 1000, filter: [], orderby: [] };

export const listRolesV1 = route({
  method: "GET",
  path,
  permission: "team.read",
  summary: "Custom roles, by name",
  schemas: { query: pageQuery, answer: rolesV1 },
  handle: async (services, { query, actor }) => {
    const page = await listRoles(services, actor, query);
    return { data: page.rows.map(answerOf), page: offsetPageOf(path, query, page) };
  },
});

export const listRolesOlder = route({
  method: "GET",
  path: olderPath,
  permission: "team.read",
  summary: "Custom roles, as Terraform reads them",
  schemas: { answer: olderRolesAnswer },
  handle: async (services, { actor }) => ({ roles: (await listRoles(services, actor, everything)).rows.map(answerOf) }),
});

const reading = {
  method: "GET",
  permission: "team.read",
  summary: "One custom role",
  schemas: { params: idParams, answer: roleAnswer },
} as const;
const making = {
  method: "POST",
  permission: "users.edit",
  summary: "Make a role of permissions",
  schemas: { body: roleRequest, answer: roleAnswer },
} as const;
const changing = {
  method: "PUT",
  permission: "users.edit",
  summary: "Change a role for all who have it",
  schemas: { params: idParams, body: roleRequest, answer: roleAnswer },
} as const;
const deleting = {
  method: "DELETE",
  permission: "users.edit",
  summary: "Delete a role that nobody has",
  status: 204,
  schemas: { params: idParams },
} as const;

export const readRoleV1 = route({
  ...reading,
  path: `${path}/:id`,
  handle: async (services, { params, actor }) => answerOf(await readRole(services, actor, params.id)),
});
export const readRoleOlder = route({
  ...reading,
  path: `${olderPath}/:id`,
  handle: async (services, { params, actor }) => answerOf(await readRole(services, actor, params.id)),
});
export const createRoleV1 = route({
  ...making,
  path,
  status: 201,
  handle: async (services, { body, actor }) => answerOf(await createRole(services, actor, wanted(body))),
});
/** Terraform takes nothing but 200. */
export const createRoleOlder = route({
  ...making,
  path: olderPath,
  handle: async (services, { body, actor }) => answerOf(await createRole(services, actor, wanted(body))),
});
export const updateRoleV1 = route({
  ...changing,
  path: `${path}/:id`,
  handle: async (services, { params, body, actor }) =>
    answerOf(await updateRole(services, actor, { id: params.id, wanted: wanted(body) })),
});
export const updateRoleOlder = route({
  ...changing,
  path: `${olderPath}/:id`,
  handle: async (services, { params, body, actor }) =>
    answerOf(await updateRole(services, actor, { id: params.id, wanted: wanted(body) })),
});
export const deleteRoleV1 = route({
  ...deleting,
  path: `${path}/:id`,
  handle: async (services, { params, actor }) => {
    await deleteRole(services, actor, params.id);
    return undefined;
  },
});
export const deleteRoleOlder = route({
  ...deleting,
  path: `${olderPath}/:id`,
  handle: async (services, { params, actor }) => {
    await deleteRole(services, actor, params.id);
    return undefined;
  },
});

function wanted({ name, description, securePermissions }: z.output<typeof roleRequest>): NewRole {
  return { name, description: description ?? "", permissions: securePermissions ?? [] };
}

function answerOf({ id, name, description, permissions }: CustomRole) {
  return { id, name, description, monitorPermissions: [], securePermissions: [...permissions] };
}
