import { permissionDependencies, permissionsV1, standardRoleAnswer } from "@plimsoll/contract";
import { type PermissionRow, permissions, platformError, readStandardRole, withNeeds } from "@plimsoll/platform";
import { z } from "zod";
import { route } from "../../route.ts";

/** The reference's word for the product that this is. */
const secure = "SDS";
const rows: readonly PermissionRow[] = permissions;

export const listPermissions = route({
  method: "GET",
  path: "/platform/v1/permissions",
  permission: "signed-in",
  summary: "What roles can be made of",
  schemas: { query: z.object({ filter: z.string().max(100).optional() }), answer: permissionsV1 },
  handle: async (_, { query: { filter } }) => {
    const isWanted = filter === undefined || filter.split(",").includes(secure);
    const listed = (isWanted ? rows : []).map(({ id, description }) => ({
      id,
      description,
      dependencies: dependenciesOf(id),
      products: [secure],
    }));
    return { permissions: listed, total: listed.length };
  },
});

export const listPermissionDependencies = route({
  method: "GET",
  path: "/api/permissions/:product/dependencies",
  permission: "signed-in",
  summary: "What permissions are useless without, as Terraform asks",
  schemas: {
    params: z.object({ product: z.enum(["secure", "monitor"]) }),
    query: z.object({ requestedPermissions: z.string().max(10_000).default("") }),
    answer: permissionDependencies,
  },
  handle: async (_, { params: { product }, query: { requestedPermissions } }) => {
    const ids = requestedPermissions.split(",").filter((id) => id !== "");
    const unknown = ids.find((id) => product === "monitor" || !rows.some((row) => row.id === id));
    if (unknown !== undefined) {
      throw platformError("BAD_VALUE", {
        fields: { field: "requestedPermissions", why: `there is no ${JSON.stringify(unknown)}` },
      });
    }
    return ids.map((id) => ({ permissionAuthority: id, dependencies: dependenciesOf(id) }));
  },
});

export const readStandardRoleRoute = route({
  method: "GET",
  path: "/platform/v1/default-roles/:name",
  permission: "signed-in",
  summary: "What a standard role may do",
  schemas: { params: z.object({ name: z.string().max(100) }), answer: standardRoleAnswer },
  handle: async (_, { params }) => {
    const { name, permissions: granted } = readStandardRole(params.name);
    return { name, monitorPermissions: [], securePermissions: [...granted] };
  },
});

function dependenciesOf(id: string): string[] {
  return [...withNeeds([id])].filter((needed) => needed !== id).sort();
}
