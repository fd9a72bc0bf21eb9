import type { Team, TeamWithMembers, User } from "@plimsoll/contract";
import { queryOptions } from "@tanstack/react-query";
import { ask } from "./client.ts";

const users = "/platform/v1/users";
const teams = "/platform/v1/teams";

export const usersQuery = queryOptions({
  queryKey: ["people", "users"],
  queryFn: async ({ signal }) => (await ask<{ data: readonly User[] }>(users, { signal })).data,
});

/** Names of everybody, for who fills a team. */
export const userNamesQuery = queryOptions({
  queryKey: ["people", "names"],
  queryFn: async ({ signal }) =>
    (
      await ask<{ users: readonly { readonly id: number; readonly username: string }[] }>("/api/users/light", {
        signal,
      })
    ).users,
});

export const teamsQuery = queryOptions({
  queryKey: ["people", "teams"],
  queryFn: async ({ signal }) => (await ask<{ data: readonly Team[] }>(teams, { signal })).data,
});

/** Teams with the names and roles of their members: the older list is the only one that has all of it. */
export const membersQuery = queryOptions({
  queryKey: ["people", "members"],
  queryFn: async ({ signal }) => (await ask<{ teams: readonly TeamWithMembers[] }>("/api/teams", { signal })).teams,
});

export interface UserToKeep {
  readonly email: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly isAdmin: boolean;
}

/** Makes a user; the answer tells the one-time password. */
export function createUser(body: UserToKeep): Promise<User> {
  return ask<User>(users, { method: "POST", body });
}

export function updateUser(
  { id, version }: Pick<User, "id" | "version">,
  change: Partial<Pick<User, "firstName" | "lastName" | "isAdmin" | "isEnabled">>,
): Promise<User> {
  return ask<User>(`${users}/${id}`, { method: "PUT", body: { version, ...change } });
}

export function deleteUser(id: number): Promise<void> {
  return ask<void>(`${users}/${id}`, { method: "DELETE" });
}

/** Another one-time password, for who lost theirs. */
export function renewPassword(id: number): Promise<User> {
  return ask<User>(`${users}/${id}/one-time-password`, { method: "POST" });
}

/** What the API takes for a role: a standard one's word, or a custom one's id. */
function roleBody(role: string) {
  return /^\d+$/.test(role) ? { customTeamRoleId: Number(role) } : { standardTeamRole: role };
}

export function saveMember(team: number, user: number, role: string): Promise<unknown> {
  return ask<unknown>(`${teams}/${team}/users/${user}`, { method: "PUT", body: roleBody(role) });
}

export function dropMember(team: number, user: number): Promise<void> {
  return ask<void>(`${teams}/${team}/users/${user}`, { method: "DELETE" });
}

export interface TeamToKeep {
  readonly name: string;
  readonly description: string;
  readonly isAllZones: boolean;
  readonly zoneIds: readonly number[];
  readonly role: string;
}

export function saveTeam(before: Team | null, { role, ...rest }: TeamToKeep): Promise<Team> {
  const body = { ...rest, ...roleBody(role) };
  return before === null
    ? ask<Team>(teams, { method: "POST", body })
    : ask<Team>(`${teams}/${before.id}`, {
        method: "PUT",
        body: { ...body, version: before.version, isDefaultTeam: before.isDefaultTeam, scopes: before.scopes },
      });
}

export function deleteTeam(id: number): Promise<void> {
  return ask<void>(`${teams}/${id}`, { method: "DELETE" });
}
