import type { World } from "../walk-world.ts";
import type { Sample, Samples } from "./sample.ts";

const scopes = {
  "/platform/v1/zones": [{ targetType: "host" }],
  "/platform/v2/zones": [{ filters: [{ resourceType: "host" }] }],
};

const shared = "zones belong to no team: whoever may see them sees all";

async function zoneId(world: World): Promise<unknown> {
  const path = "/platform/v2/zones";
  return (await world.asAdmin("POST", path, { name: world.fresh(), scopes: scopes[path] })).id;
}

function ofZones(path: keyof typeof scopes): Samples {
  const one: Sample = { request: async (world) => ({ url: `${path}/${await zoneId(world)}` }), shared };
  return {
    [`GET ${path}/:id`]: one,
    [`DELETE ${path}/:id`]: one,
    [`POST ${path}`]: { request: ({ fresh }) => ({ url: path, body: { name: fresh(), scopes: scopes[path] } }) },
    [`PUT ${path}/:id`]: {
      request: async (world) => ({
        url: `${path}/${await zoneId(world)}`,
        body: { name: world.fresh(), scopes: scopes[path] },
      }),
      shared,
    },
  };
}

export const zoneSamples: Samples = { ...ofZones("/platform/v1/zones"), ...ofZones("/platform/v2/zones") };
