import { z } from "zod";
import { longText, nameText, offsetPage } from "./paging.ts";

const permissionIds = z.array(z.string().max(100)).max(200);

/** Body of POST and PUT of a custom role. */
export const roleRequest = z
  .object({
    id: z.int().optional(),
    name: nameText,
    description: longText.nullish(),
    monitorPermissions: z.array(z.string().max(100)).max(0, "there is no such product here").nullish(),
    securePermissions: permissionIds.nullish(),
  })
  .meta({ id: "RoleRequestV1" });

export const roleAnswer = z
  .object({
    id: z.int(),
    name: z.string(),
    description: z.string(),
    monitorPermissions: z.array(z.string()),
    securePermissions: z.array(z.string()),
  })
  .meta({ id: "RoleResponseV1" });
export const rolesV1 = z
  .object({ data: z.array(roleAnswer), page: offsetPage })
  .meta({ id: "GetRolesPaginatedResponseV1" });
export const olderRolesAnswer = z.object({ roles: z.array(roleAnswer) }).meta({ id: "OlderRolesAnswer" });

export const standardRoleAnswer = z
  .object({ name: z.string(), monitorPermissions: z.array(z.string()), securePermissions: z.array(z.string()) })
  .meta({ id: "DefaultRoleResponseV1" });

export const permissionsV1 = z
  .object({
    permissions: z.array(
      z.object({
        id: z.string(),
        description: z.string(),
        dependencies: z.array(z.string()),
        products: z.array(z.string()),
      }),
    ),
    total: z.int(),
  })
  .meta({ id: "GetPermissionsResponseV1" });
export const permissionDependencies = z
  .array(z.object({ permissionAuthority: z.string(), dependencies: z.array(z.string()) }))
  .meta({ id: "PermissionDependencies" });

export type Role = z.output<typeof roleAnswer>;
export type Permissions = z.output<typeof permissionsV1>["permissions"];
