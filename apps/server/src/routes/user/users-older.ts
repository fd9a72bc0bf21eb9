import {
  idParams,
  olderUserAnswer,
  olderUserRequest,
  olderUsersAnswer,
  pageQuery,
  userNamesAnswer,
} from "@plimsoll/contract";
import {
  type Actor,
  createUser,
  deleteUser,
  listUserNames,
  listUsers,
  readUser,
  type Services,
  type User,
  updateUser,
} from "@plimsoll/platform";
import { z } from "zod";
import { route } from "../../route.ts";

const path = "/api/users";

export const listUsersOlder = route({
  method: "GET",
  path,
  permission: "users.edit",
  summary: "Users, by name, as the reference's older clients read them",
  schemas: { query: pageQuery, answer: olderUsersAnswer },
  handle: async (services, { query, actor }) => {
    const { rows, total } = await listUsers(services, actor, query);
    return { users: rows.map(olderUser), offset: query.offset, total };
  },
});

export const listUserNamesRoute = route({
  method: "GET",
  path: `${path}/light`,
  permission: "team.edit",
  summary: "Names and ids of all users, for choosing members",
  schemas: { answer: userNamesAnswer },
  handle: async (services, { actor }) => ({ users: [...(await listUserNames(services, actor))] }),
});

export const readUserOlder = route({
  method: "GET",
  path: `${path}/:id`,
  permission: "users.edit",
  summary: "One user by id or by name",
  schemas: { params: z.object({ id: z.string().min(1).max(200) }), answer: olderUserAnswer },
  handle: async (services, { params: { id }, actor }) => ({
    user: olderUser(await readUser(services, actor, /^\d{1,9}$/.test(id) ? Number(id) : id)),
  }),
});

const provision = {
  method: "POST",
  permission: "users.edit",
  schemas: { body: olderUserRequest, answer: olderUserAnswer },
} as const;

async function provisioned(services: Services, actor: Actor, body: z.output<typeof olderUserRequest>) {
  const { username, firstName, lastName, systemRole } = body;
  const wanted = {
    username,
    firstName: firstName ?? "",
    lastName: lastName ?? "",
    isAdmin: systemRole === "ROLE_CUSTOMER",
  };
  const { user, password } = await createUser(services, actor, wanted);
  return { user: { ...olderUser(user), oneTimePassword: password } };
}

export const provisionUser = route({
  ...provision,
  path: "/api/user/provisioning",
  summary: "Make a user, with a password that is told once, as Terraform does",
  handle: async (services, { body, actor }) => provisioned(services, actor, body),
});

export const inviteUser = route({
  ...provision,
  path,
  summary: "The same where the reference's Python client invites: nothing is mailed, the password is in the answer",
  handle: async (services, { body, actor }) => provisioned(services, actor, body),
});

export const updateUserOlder = route({
  method: "PUT",
  path: `${path}/:id`,
  permission: "users.edit",
  summary: "Change a user, as Terraform does",
  schemas: { params: idParams, body: olderUserRequest, answer: olderUserAnswer },
  handle: async (services, { params: { id }, body, actor }) => {
    const { version, username, firstName, lastName, systemRole, enabled: isEnabled } = body;
    const isAdmin = systemRole === undefined ? undefined : systemRole === "ROLE_CUSTOMER";
    const change = { version, username, firstName: firstName ?? "", lastName: lastName ?? "", isAdmin, isEnabled };
    return { user: olderUser(await updateUser(services, actor, { id, change })) };
  },
});

export const deleteUserOlder = route({
  method: "DELETE",
  path: `${path}/:id`,
  permission: "users.edit",
  summary: "Delete a user with tokens and sessions",
  status: 204,
  schemas: { params: idParams },
  handle: async (services, { params, actor }) => {
    await deleteUser(services, actor, params.id);
    return undefined;
  },
});

function olderUser({
  id,
  version,
  username,
  firstName,
  lastName,
  isAdmin,
  isEnabled,
  mustChange,
  createdAt,
  updatedAt,
}: User) {
  return {
    id,
    version,
    username,
    firstName,
    lastName,
    systemRole: isAdmin ? ("ROLE_CUSTOMER" as const) : ("ROLE_USER" as const),
    enabled: isEnabled,
    status: mustChange ? ("pending" as const) : ("confirmed" as const),
    currentTeam: null,
    dateCreated: createdAt.getTime(),
    lastUpdated: updatedAt.getTime(),
  };
}
