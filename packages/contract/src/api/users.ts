import { z } from "zod";
import { nameText, offsetPage, rowId } from "./paging.ts";

/** What somebody signs in with, mostly an e-mail address; not digits alone, which would be an id. */
export const usernameText = z
  .string()
  .min(1)
  .max(200)
  .regex(/^(?=.*\D)[^\s\p{C}/]+$/u, "spaces, slashes, control characters and digits alone are not allowed");
const personName = z.union([nameText, z.literal("")]);
const oneTimePassword = z.string().optional().describe("ours: told once, here; to be changed at the first sign-in");

export const createUserV1 = z
  .object({
    email: usernameText,
    firstName: personName.nullish(),
    lastName: personName.nullish(),
    isAdmin: z.boolean().optional(),
    bypassSsoEnforcement: z.boolean().optional().describe("nothing follows from it: there is no other way to sign in"),
    products: z
      .array(z.enum(["monitor", "secure"]))
      .max(2)
      .optional(),
  })
  .meta({ id: "CreateUserRequestV1" });

export const updateUserV1 = z
  .object({
    version: z.int().min(0).describe("the version that was read"),
    firstName: personName.nullish(),
    lastName: personName.nullish(),
    isAdmin: z.boolean().optional(),
    isEnabled: z.boolean().optional(),
    bypassSsoEnforcement: z.boolean().optional(),
  })
  .meta({ id: "UpdateUserRequestV1" });

export const userV1 = z
  .object({
    id: z.int(),
    version: z.int(),
    email: z.string(),
    firstName: z.string().nullable(),
    lastName: z.string().nullable(),
    isAdmin: z.boolean(),
    isEnabled: z.boolean(),
    activationStatus: z.enum(["pending", "confirmed"]),
    bypassSsoEnforcement: z.boolean(),
    dateCreated: z.iso.datetime(),
    lastUpdated: z.iso.datetime().nullable(),
    oneTimePassword,
  })
  .meta({ id: "UserResponseV1" });
export const usersV1 = z
  .object({ data: z.array(userV1), page: offsetPage })
  .meta({ id: "GetUsersPaginatedResponseV1" });

/** The older paths' words: ROLE_CUSTOMER is an administrator. */
const systemRole = z.enum(["ROLE_CUSTOMER", "ROLE_USER"]);

/** Body of the older paths, which Terraform uses (contract 1.4). */
export const olderUserRequest = z
  .object({
    id: rowId.optional(),
    version: z.int().min(0).optional(),
    username: usernameText,
    firstName: personName.nullish(),
    lastName: personName.nullish(),
    systemRole: systemRole.optional(),
    enabled: z.boolean().optional(),
    currentTeam: z.int().nullish(),
  })
  .meta({ id: "OlderUserRequest" });

const olderUser = z.object({
  id: z.int(),
  version: z.int(),
  username: z.string(),
  firstName: z.string(),
  lastName: z.string(),
  systemRole,
  enabled: z.boolean(),
  status: z.enum(["pending", "confirmed"]),
  currentTeam: z.int().nullable(),
  dateCreated: z.int().describe("ms since the epoch"),
  lastUpdated: z.int(),
  oneTimePassword,
});
export const olderUserAnswer = z.object({ user: olderUser }).meta({ id: "OlderUserAnswer" });
export const olderUsersAnswer = z
  .object({ users: z.array(olderUser), offset: z.int(), total: z.int() })
  .meta({ id: "OlderUsersAnswer" });
export const userNamesAnswer = z
  .object({
    users: z.array(z.object({ id: z.int(), username: z.string(), firstName: z.string(), lastName: z.string() })),
  })
  .meta({ id: "UserNamesAnswer" });

export type User = z.output<typeof userV1>;
