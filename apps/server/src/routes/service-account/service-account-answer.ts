import type { ServiceAccount } from "@plimsoll/platform";
import { roleWord } from "../role/role-words.ts";

/** A service account in version 1's words. */
export function serviceAccountAnswer({
  id,
  name,
  team,
  role,
  createdAt,
  updatedAt,
  expiresAt,
  usedAt,
}: ServiceAccount) {
  return {
    id,
    name,
    ...(team !== null && { teamId: team, teamRole: roleWord(role) }),
    systemRoles: team === null ? [roleWord(role)] : ["ROLE_SERVICE_ACCOUNT"],
    dateCreated: createdAt.toISOString(),
    lastUpdated: (updatedAt ?? createdAt).toISOString(),
    ...(usedAt !== null && { lastUsed: usedAt.toISOString() }),
    ...(expiresAt !== null && { expirationDate: expiresAt.toISOString() }),
  };
}
