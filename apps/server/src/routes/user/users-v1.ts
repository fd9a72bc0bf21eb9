import { createUserV1, idParams, pageQuery, updateUserV1, usersV1, userV1 } from "@plimsoll/contract";
import { createUser, deleteUser, listUsers, readUser, renewPassword, type User, updateUser } from "@plimsoll/platform";
import { route } from "../../route.ts";
import { offsetPageOf } from "../page.ts";

const path = "/platform/v1/users";
const one = `${path}/:id`;

export const listUsersV1 = route({
  method: "GET",
  path,
  permission: "users.edit",
  summary: "Users, by name",
  schemas: { query: pageQuery, answer: usersV1 },
  handle: async (services, { query, actor }) => {
    const page = await listUsers(services, actor, query);
    return { data: page.rows.map(userAnswer), page: offsetPageOf(path, query, page) };
  },
});

export const readUserV1 = route({
  method: "GET",
  path: one,
  permission: "users.edit",
  summary: "One user",
  schemas: { params: idParams, answer: userV1 },
  handle: async (services, { params, actor }) => userAnswer(await readUser(services, actor, params.id)),
});

export const createUserRouteV1 = route({
  method: "POST",
  path,
  permission: "users.edit",
  summary: "Make a user, with a password that is told once",
  status: 201,
  schemas: { body: createUserV1, answer: userV1 },
  handle: async (services, { body: { email, firstName, lastName, isAdmin }, actor }) => {
    const wanted = { username: email, firstName: firstName ?? "", lastName: lastName ?? "", isAdmin };
    const { user, password } = await createUser(services, actor, wanted);
    return { ...userAnswer(user), oneTimePassword: password };
  },
});

export const updateUserRouteV1 = route({
  method: "PUT",
  path: one,
  permission: "users.edit",
  summary: "Change a user; what is absent stays",
  schemas: { params: idParams, body: updateUserV1, answer: userV1 },
  handle: async (services, { params: { id }, body: { version, firstName, lastName, isAdmin, isEnabled }, actor }) => {
    const change = { version, firstName: firstName ?? undefined, lastName: lastName ?? undefined, isAdmin, isEnabled };
    return userAnswer(await updateUser(services, actor, { id, change }));
  },
});

export const deleteUserRouteV1 = route({
  method: "DELETE",
  path: one,
  permission: "users.edit",
  summary: "Delete a user with tokens and sessions",
  status: 204,
  schemas: { params: idParams },
  handle: async (services, { params, actor }) => {
    await deleteUser(services, actor, params.id);
    return undefined;
  },
});

export const renewPasswordRoute = route({
  method: "POST",
  path: `${one}/one-time-password`,
  permission: "users.edit",
  summary: "Give a user another password, which is told once",
  status: 201,
  schemas: { params: idParams, answer: userV1 },
  handle: async (services, { params, actor }) => {
    const { user, password } = await renewPassword(services, actor, params.id);
    return { ...userAnswer(user), oneTimePassword: password };
  },
});

function userAnswer({
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
    email: username,
    firstName: firstName || null,
    lastName: lastName || null,
    isAdmin,
    isEnabled,
    activationStatus: mustChange ? ("pending" as const) : ("confirmed" as const),
    bypassSsoEnforcement: false,
    dateCreated: createdAt.toISOString(),
    lastUpdated: updatedAt.toISOString(),
  };
}
