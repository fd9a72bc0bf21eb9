import { z } from "zod";
import { nameText, offsetPage, rowId } from "./paging.ts";

const milliseconds = z.int().min(0).max(8_640_000_000_000_000).describe("ms since the epoch");
const apiKey = z.string().optional().describe("the token; told once, here");

export const teamServiceAccountRequest = z
  .object({ name: nameText, teamRole: z.string().max(100).optional(), expirationDate: milliseconds.optional() })
  .meta({ id: "CreateTeamServiceAccountRequestV1" });
export const globalServiceAccountRequest = z
  .object({
    name: nameText,
    systemRoles: z
      .array(z.string().max(100))
      .max(1)
      .optional()
      .describe("ROLE_ADMIN, a standard role or a custom one's id"),
    expirationDate: milliseconds.optional(),
  })
  .meta({ id: "CreateGlobalServiceAccountRequestV1" });

export const serviceAccountV1 = z
  .object({
    id: z.int(),
    name: z.string(),
    teamId: z.int().optional(),
    teamRole: z.string().optional(),
    systemRoles: z.array(z.string()),
    dateCreated: z.iso.datetime(),
    lastUpdated: z.iso.datetime(),
    lastUsed: z.iso.datetime().optional(),
    expirationDate: z.iso.datetime().optional(),
    apiKey,
  })
  .meta({ id: "ServiceAccountWithKeyResponseV1" });
export const serviceAccountsV1 = z
  .object({ data: z.array(serviceAccountV1), page: offsetPage })
  .meta({ id: "GetServiceAccountsPaginatedResponseV1" });

/** Body of the older paths, which Terraform uses (contract 1.4). */
export const olderServiceAccountRequest = z
  .object({
    id: rowId.optional(),
    name: nameText,
    systemRole: z.literal("ROLE_SERVICE_ACCOUNT").optional(),
    teamId: rowId,
    teamRole: z.string().max(100).optional(),
    dateCreated: milliseconds.optional(),
    expirationDate: milliseconds.optional(),
    apiKey: z.string().max(500).optional(),
  })
  .meta({ id: "OlderServiceAccountRequest" });
export const olderServiceAccount = z
  .object({
    id: z.int(),
    name: z.string(),
    systemRole: z.string(),
    teamId: z.int(),
    teamRole: z.string(),
    dateCreated: z.int(),
    expirationDate: z.int(),
    apiKey,
  })
  .meta({ id: "OlderServiceAccount" });
export const olderServiceAccounts = z.array(olderServiceAccount).meta({ id: "OlderServiceAccounts" });

export type ServiceAccount = z.output<typeof serviceAccountV1>;
