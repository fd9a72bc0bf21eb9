import type { OwnToken, ServiceAccount } from "@plimsoll/contract";
import { queryOptions } from "@tanstack/react-query";
import { ask } from "./client.ts";

const own = "/api/users/me/tokens";

export const ownTokensQuery = queryOptions({
  queryKey: ["tokens", "own"],
  queryFn: async ({ signal }) => (await ask<{ tokens: readonly OwnToken[] }>(own, { signal })).tokens,
});

export interface TokenWanted {
  readonly name: string;
  /** `null`: the whole installation. */
  readonly team: number | null;
  /** Absent: one's own there. */
  readonly role?: string;
  /** RFC 3339. */
  readonly expiresAt: string;
}

/** Makes a token of one's own; its text is in this answer and nowhere else. */
export async function createOwnToken(body: TokenWanted): Promise<string> {
  return (await ask<{ token: { key: string } }>(own, { method: "POST", body })).token.key;
}

export function revokeOwnToken(id: number): Promise<void> {
  return ask<void>(`${own}/${id}`, { method: "DELETE" });
}

const accountsOf = (team: number | null) =>
  team === null ? "/platform/v1/service-accounts" : `/platform/v1/teams/${team}/service-accounts`;

/** Programs of a team that belong to nobody; `null`: of the whole installation. */
export function serviceAccountsQuery(team: number | null) {
  return queryOptions({
    queryKey: ["tokens", "service", team],
    queryFn: async ({ signal }) => (await ask<{ data: readonly ServiceAccount[] }>(accountsOf(team), { signal })).data,
  });
}

export async function createServiceAccount({ name, team, role, expiresAt }: TokenWanted): Promise<string> {
  const roles = role === undefined ? {} : team === null ? { systemRoles: [role] } : { teamRole: role };
  const body = { name, ...roles, expirationDate: Date.parse(expiresAt) };
  const { apiKey = "" } = await ask<ServiceAccount>(accountsOf(team), { method: "POST", body });
  return apiKey;
}

export function deleteServiceAccount(team: number | null, id: number): Promise<void> {
  return ask<void>(`${accountsOf(team)}/${id}`, { method: "DELETE" });
}
