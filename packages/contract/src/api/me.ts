import { z } from "zod";

/** Who asks, as the reference's clients read it (contract 1.4); `teams`, `permissions` and `mustChangePassword` are ours. */
export const meAnswer = z
  .object({
    user: z.object({
      id: z.int(),
      version: z.int(),
      systemRole: z.enum(["ROLE_CUSTOMER", "ROLE_USER", "ROLE_SERVICE_ACCOUNT"]),
      username: z.string(),
      firstName: z.string(),
      lastName: z.string(),
      currentTeam: z.int().nullable(),
      customer: z.object({ id: z.int(), name: z.string(), externalId: z.string() }),
      permissions: z.array(z.string()),
      teams: z.array(z.object({ id: z.int(), name: z.string(), role: z.string() })),
      mustChangePassword: z.boolean(),
    }),
  })
  .meta({ id: "MeAnswer" });

export const myPermissionsAnswer = z.object({ permissions: z.array(z.string()) }).meta({ id: "MyPermissionsAnswer" });

/** Whom a token or session stands for (contract 1.4). */
export const identityContextAnswer = z
  .object({
    identityType: z.enum(["USER", "SERVICE_ACCOUNT"]),
    customerId: z.int(),
    teamId: z.int().nullable(),
    teamName: z.string().nullable(),
    userId: z.int().nullable(),
    username: z.string().nullable(),
    serviceAccountId: z.int().nullable(),
    serviceAccountName: z.string().nullable(),
  })
  .meta({ id: "IdentityContextAnswer" });
