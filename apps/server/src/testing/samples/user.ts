import type { World } from "../walk-world.ts";
import type { Sample, Samples } from "./sample.ts";

const shared = "whoever may change users may change all";
const path = "/platform/v1/users";
const older = "/api/users";

function email({ fresh }: World): string {
  return `${fresh()}@example.org`;
}

async function user(world: World): Promise<{ readonly id: unknown; readonly email: string }> {
  const wanted = email(world);
  return { id: (await world.asAdmin("POST", path, { email: wanted })).id, email: wanted };
}

function one(base: string): Sample {
  return { request: async (world) => ({ url: `${base}/${(await user(world)).id}` }), shared };
}

export const userSamples: Samples = {
  [`GET ${path}/:id`]: one(path),
  [`GET ${older}/:id`]: one(older),
  [`DELETE ${path}/:id`]: one(path),
  [`DELETE ${older}/:id`]: one(older),
  [`POST ${path}`]: { request: (world) => ({ url: path, body: { email: email(world) } }) },
  [`POST ${older}`]: { request: (world) => ({ url: older, body: { username: email(world) } }) },
  "POST /api/user/provisioning": {
    request: (world) => ({ url: "/api/user/provisioning/", body: { username: email(world), currentTeam: null } }),
  },
  [`PUT ${path}/:id`]: {
    request: async (world) => ({ url: `${path}/${(await user(world)).id}`, body: { version: 1, isEnabled: false } }),
    shared,
  },
  [`PUT ${older}/:id`]: {
    request: async (world) => {
      const { id, email: username } = await user(world);
      return { url: `${older}/${id}`, body: { id, version: 1, username, firstName: "A", currentTeam: null } };
    },
    shared,
  },
  [`POST ${path}/:id/one-time-password`]: {
    request: async (world) => ({ url: `${path}/${(await user(world)).id}/one-time-password` }),
    shared,
  },
};
