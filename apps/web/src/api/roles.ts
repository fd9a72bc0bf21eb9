import type { Permissions, Role } from "@plimsoll/contract";
import { queryOptions } from "@tanstack/react-query";
import { ask } from "./client.ts";

const path = "/platform/v1/roles";

/** Roles that come with the program, weakest first. */
export const standardRoles = [
  { id: "ROLE_TEAM_SCANNER", label: "Scanner", does: "Sends scans and sees their answers. For programs" },
  { id: "ROLE_TEAM_READ", label: "View Only", does: "Sees results, policies, zones; changes nothing" },
  { id: "ROLE_TEAM_STANDARD", label: "Standard User", does: "Sees, sends scans, has images scanned" },
  { id: "ROLE_TEAM_EDIT", label: "Advanced User", does: "Also changes credentials, policies, accepted risks" },
  { id: "ROLE_TEAM_MANAGER", label: "Team Manager", does: "Also changes the team's members and its programs" },
] as const;

/** Custom roles. */
export const rolesQuery = queryOptions({
  queryKey: ["roles"],
  queryFn: async ({ signal }) => (await ask<{ data: readonly Role[] }>(path, { signal })).data,
});

/** What roles can be made of, and what each needs. */
export const permissionsQuery = queryOptions({
  queryKey: ["permissions"],
  queryFn: async ({ signal }) =>
    (await ask<{ permissions: Permissions }>("/platform/v1/permissions", { signal })).permissions,
  staleTime: Number.POSITIVE_INFINITY,
});

/** What a standard role may do. */
export function standardRoleQuery(name: string) {
  return queryOptions({
    queryKey: ["roles", "standard", name],
    queryFn: async ({ signal }) =>
      (await ask<{ securePermissions: readonly string[] }>(`/platform/v1/default-roles/${name}`, { signal }))
        .securePermissions,
    staleTime: Number.POSITIVE_INFINITY,
  });
}

export interface RoleToKeep {
  readonly name: string;
  readonly description: string;
  readonly securePermissions: readonly string[];
}

export function saveRole(id: number | null, body: RoleToKeep): Promise<Role> {
  return id === null ? ask<Role>(path, { method: "POST", body }) : ask<Role>(`${path}/${id}`, { method: "PUT", body });
}

export function deleteRole(id: number): Promise<void> {
  return ask<void>(`${path}/${id}`, { method: "DELETE" });
}
