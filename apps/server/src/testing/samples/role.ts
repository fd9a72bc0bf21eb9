import type { World } from "../walk-world.ts";
import type { Samples } from "./sample.ts";

const shared = "roles belong to no team";

function body({ fresh }: World) {
  return { name: fresh(), securePermissions: ["results.read"] };
}

async function roleId(world: World): Promise<unknown> {
  return (await world.asAdmin("POST", "/platform/v1/roles", body(world))).id;
}

function ofRoles(path: string): Samples {
  return {
    [`POST ${path}`]: { request: (world) => ({ url: path, body: body(world) }) },
    [`GET ${path}/:id`]: { request: async (world) => ({ url: `${path}/${await roleId(world)}` }), shared },
    [`DELETE ${path}/:id`]: { request: async (world) => ({ url: `${path}/${await roleId(world)}` }), shared },
    [`PUT ${path}/:id`]: {
      request: async (world) => ({ url: `${path}/${await roleId(world)}`, body: body(world) }),
      shared,
    },
  };
}

export const roleSamples: Samples = {
  ...ofRoles("/platform/v1/roles"),
  ...ofRoles("/api/roles"),
  "GET /platform/v1/default-roles/:name": {
    request: () => ({ url: "/platform/v1/default-roles/View%20Only" }),
    shared: "everybody has them",
  },
  "GET /api/permissions/:product/dependencies": {
    request: () => ({ url: "/api/permissions/secure/dependencies?requestedPermissions=policies.edit" }),
    shared: "the table of permissions is everybody's",
  },
};
