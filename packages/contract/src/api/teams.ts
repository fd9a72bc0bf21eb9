import { z } from "zod";
import { longText, nameText, offsetPage, rowId } from "./paging.ts";

const additional = z
  .object({
    hasAgentCli: z.boolean().optional(),
    hasAwsData: z.boolean().optional(),
    hasBeaconMetrics: z.boolean().optional(),
    hasInfrastructureEvents: z.boolean().optional(),
    hasRapidResponse: z.boolean().optional(),
    hasSysdigCaptures: z.boolean().optional(),
  })
  .describe("kept for clients; nothing follows from it");
const module = z.string().max(100);
const uiSettings = z.object({
  theme: z.string().max(100).optional(),
  entryPoint: z.object({ module: module.optional(), selection: z.string().max(500).nullish() }).optional(),
});
const scopes = z
  .array(
    z.object({
      type: z.enum(["AGENT", "AWS_CLOUD_WATCH", "HOST_CONTAINER", "IBM_PLATFORM_METRICS", "PROMETHEUS_REMOTE_WRITE"]),
      expression: z.string().max(5000).describe('rules over labels, like `kubernetes.namespace.name in ("a", "b")`'),
    }),
  )
  .max(5);
const standardTeamRole = z.string().max(100).nullish();
const zoneIds = z.array(rowId).max(1000);

/** Body of POST and PUT, version 1. */
export const teamRequestV1 = z
  .object({
    version: z.int().min(0).optional().describe("PUT: the version that was read"),
    name: nameText,
    description: longText.nullish(),
    product: z.literal("secure").optional(),
    isAllZones: z.boolean().optional(),
    isDefaultTeam: z.boolean().optional(),
    zoneIds: zoneIds.nullish(),
    scopes: scopes.nullish(),
    standardTeamRole,
    customTeamRoleId: rowId.nullish(),
    additionalTeamPermissions: additional.nullish(),
    uiSettings: uiSettings.nullish(),
  })
  .meta({ id: "CreateTeamRequestV1" });

export const teamV1 = z
  .object({
    id: z.int(),
    version: z.int(),
    name: z.string(),
    description: z.string().nullable(),
    product: z.literal("secure"),
    isAllZones: z.boolean(),
    isDefaultTeam: z.boolean(),
    isImmutableTeam: z.boolean(),
    zoneIds: z.array(z.int()),
    scopes: z.array(z.object({ type: z.string(), expression: z.string() })),
    standardTeamRole: z.string().nullable(),
    customTeamRoleId: z.int().nullable(),
    additionalTeamPermissions: z.record(z.string(), z.unknown()),
    uiSettings: z.record(z.string(), z.unknown()),
    dateCreated: z.iso.datetime(),
    lastUpdated: z.iso.datetime(),
  })
  .meta({ id: "TeamResponseV1" });
export const teamsV1 = z
  .object({ data: z.array(teamV1), page: offsetPage })
  .meta({ id: "GetTeamsPaginatedResponseV1" });

export const saveTeamUserV1 = z
  .object({ standardTeamRole, customTeamRoleId: rowId.nullish() })
  .meta({ id: "SaveTeamUserRequestV1" });
export const teamUserV1 = z
  .object({
    teamId: z.int(),
    userId: z.int(),
    standardTeamRole: z.string().nullable(),
    customTeamRoleId: z.int().nullable(),
  })
  .meta({ id: "TeamUserResponseV1" });
export const teamUsersV1 = z
  .object({ data: z.array(teamUserV1), page: offsetPage })
  .meta({ id: "GetTeamUsersPaginatedResponseV1" });

/** Names by which the older paths keep what clients wish to read back. */
const kept = {
  theme: z.string().max(100).optional(),
  show: z.string().max(100).optional(),
  entryPoint: z.object({ module, selection: z.string().max(500).optional() }).optional(),
  canUseSysdigCapture: z.boolean().optional(),
  canUseCustomEvents: z.boolean().optional(),
  canUseAwsMetrics: z.boolean().optional(),
  canUseBeaconMetrics: z.boolean().optional(),
  canUseRapidResponse: z.boolean().optional(),
  canUseAgentCli: z.boolean().optional(),
};

/** Body of the older paths, which Terraform uses (contract 1.4): all members at once. */
export const olderTeamRequest = z
  .object({
    ...kept,
    id: rowId.optional(),
    version: z.int().min(0).optional(),
    name: nameText,
    description: longText.optional(),
    filter: z.string().max(5000).optional(),
    default: z.boolean().optional(),
    defaultTeamRole: z.string().max(100).optional(),
    allZones: z.boolean().optional(),
    zoneIds: zoneIds.nullish(),
    products: z
      .array(z.enum(["SDS", "SDC"]))
      .max(2)
      .optional(),
    userRoles: z
      .array(
        z.object({
          userId: rowId.optional(),
          userName: z.string().max(200).optional(),
          role: z.string().max(100).optional(),
          admin: z.boolean().optional(),
        }),
      )
      .max(5000)
      .nullish(),
  })
  .meta({ id: "OlderTeamRequest" });

const olderTeam = z.object({
  ...kept,
  id: z.int(),
  version: z.int(),
  name: z.string(),
  description: z.string(),
  filter: z.string(),
  default: z.boolean(),
  defaultTeamRole: z.string().describe("role of members of whom none is said"),
  allZones: z.boolean(),
  zoneIds: z.array(z.int()),
  products: z.array(z.string()),
  immutable: z.boolean(),
  origin: z.string(),
  customerId: z.int(),
  userCount: z.int(),
  userRoles: z.array(
    z.object({ teamId: z.int(), userId: z.int(), userName: z.string(), role: z.string(), admin: z.boolean() }),
  ),
  dateCreated: z.int().describe("ms since the epoch"),
  lastUpdated: z.int(),
});
export const olderTeamAnswer = z.object({ team: olderTeam }).meta({ id: "OlderTeamAnswer" });
export const olderTeamsAnswer = z.object({ teams: z.array(olderTeam) }).meta({ id: "OlderTeamsAnswer" });

export type Team = z.output<typeof teamV1>;
export type TeamWithMembers = z.output<typeof olderTeam>;
