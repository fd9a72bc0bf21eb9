/** The other half of the contract's types: teams, users, service accounts, roles, zones, SBOM. */
import { z } from "zod";
import { type } from "./contract-types.ts";

const text = z.string();
const texts = z.array(text);
const instant = z.iso.datetime({ offset: true });
const page = type("Page", { next: text.nullable(), previous: text.nullable(), total: z.int() });
const listOf = (data: z.ZodType) => z.strictObject({ data: z.array(data), page });
const roles = ["EDIT", "MANAGER", "NONE", "READ", "SERVICE_MANAGER", "STANDARD"].map((word) => `ROLE_TEAM_${word}`);
// Scanner is a role that the reference does not have.
const standardTeamRole = z.enum([...roles, "ROLE_TEAM_SCANNER"]).nullable();
const role = { standardTeamRole, customTeamRoleId: z.int().nullable() };
const flag = z.boolean();

const TeamResponseV1 = type("TeamResponseV1", {
  ...role,
  additionalTeamPermissions: z.record(text, flag),
  dateCreated: instant,
  description: text.nullable(),
  id: z.int(),
  isAllZones: flag,
  isDefaultTeam: flag,
  isImmutableTeam: flag,
  lastUpdated: instant,
  name: text,
  product: z.enum(["monitor", "secure"]),
  scopes: z.array(type("ScopeV1", { expression: text, type: z.enum(["AGENT", "HOST_CONTAINER"]) })),
  uiSettings: z.record(text, z.unknown()),
  version: z.int(),
  zoneIds: z.array(z.int()),
});
const UserResponseV1 = type(
  "UserResponseV1",
  {
    activationStatus: text,
    bypassSsoEnforcement: flag,
    dateCreated: instant,
    email: text,
    firstName: text.nullable(),
    id: z.int(),
    isAdmin: flag,
    isEnabled: flag,
    lastName: text.nullable(),
    lastUpdated: instant.nullable(),
    version: z.int(),
  },
  ["oneTimePassword"],
);
const account = {
  dateCreated: instant,
  expirationDate: instant.optional(),
  id: z.int(),
  lastUpdated: instant,
  lastUsed: instant.optional(),
  name: text,
  systemRoles: texts,
  teamId: z.int().optional(),
  teamRole: text.optional(),
};
const RoleResponseV1 = type("RoleResponseV1", {
  description: text,
  id: z.int(),
  monitorPermissions: texts,
  name: text,
  securePermissions: texts,
});
const PermissionV1 = type("PermissionV1", { dependencies: texts, description: text, id: text, products: texts });
const ZoneResponseV1 = type("ZoneResponseV1", {
  author: text,
  description: text.optional(),
  id: z.int(),
  isSystem: flag,
  lastModifiedBy: text.optional(),
  lastUpdated: z.int(),
  name: text,
  scopes: z.array(type("ZoneScope", { id: z.int(), rules: text, targetType: text })),
});
const SbomComponent = type(
  "SbomComponent",
  {
    "bom-ref": text.optional(),
    group: text.optional(),
    name: text,
    purl: text.optional(),
    type: text,
    version: text.optional(),
  },
  [
    "supplier",
    "publisher",
    "description",
    "hashes",
    "licenses",
    "properties",
    "evidence",
    "scope",
    "cpe",
    "components",
  ],
);
const SbomResultResponse = type(
  "SbomResultResponse",
  {
    bomFormat: z.literal("CycloneDX"),
    components: z.array(SbomComponent),
    compositions: z
      .array(
        z.strictObject({
          aggregate: z.enum(["complete", "incomplete", "not_specified", "unknown"]),
          assemblies: texts.optional(),
          dependencies: texts.optional(),
        }),
      )
      .optional(),
    dependencies: z.array(z.strictObject({ dependsOn: texts.optional(), ref: text })).optional(),
    metadata: z.looseObject({ component: SbomComponent.optional(), timestamp: instant.optional(), tools: z.unknown() }),
    serialNumber: text,
    specVersion: text,
    version: z.int(),
  },
  ["$schema"],
);
export const people = {
  Team: TeamResponseV1,
  Teams: listOf(TeamResponseV1),
  User: UserResponseV1,
  Users: listOf(UserResponseV1),
  TeamUsers: listOf(type("TeamUserResponseV1", { ...role, teamId: z.int(), userId: z.int() }, ["username"])),
  ServiceAccounts: listOf(type("ServiceAccountResponseV1", account)),
  ServiceAccountWithKey: type("ServiceAccountWithKeyResponseV1", { ...account, apiKey: text }),
  Role: RoleResponseV1,
  Roles: listOf(RoleResponseV1),
  Permissions: type("GetPermissionsResponseV1", { permissions: z.array(PermissionV1), total: z.int() }),
  Zone: ZoneResponseV1,
  Zones: listOf(ZoneResponseV1),
  Sbom: SbomResultResponse,
};
