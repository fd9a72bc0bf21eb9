import type { World } from "../walk-world.ts";
import type { Sample, Samples } from "./sample.ts";

const path = "/secure/vulnerability/v1/registry-credentials";
const login = { type: "docker", username: "robot", password: "correct-horse-battery" };

async function made(world: World, teamId: number): Promise<{ readonly id: unknown; readonly registry: string }> {
  const registry = `${world.fresh()}.example:5000`;
  const { id } = await world.asAdmin("POST", path, { registry, name: world.fresh(), login, teamId });
  return { id, registry };
}

type Made = Awaited<ReturnType<typeof made>>;

function about(url: (of: Made) => string, body?: (world: World, of: Made) => object): Sample {
  const asked = async (world: World, team: number) => {
    const of = await made(world, team);
    return { url: url(of), ...(body && { body: body(world, of) }) };
  };
  return {
    request: (world) => asked(world, world.own),
    foreign: (world) => asked(world, world.other),
  };
}

const unaudited = "it changes nothing: it knocks at the registry";
// Nobody listens there: the test says so at once.
const door = "127.0.0.1:9";

const anchore = "/api/scanning/v1/anchore/registries";
const anchoreLogin = { registry_user: "robot", registry_pass: "correct-horse-battery" };

export const registryCredentialSamples: Samples = {
  [`POST ${path}`]: {
    request: ({ fresh }) => ({ url: path, body: { registry: `${fresh()}.example`, name: fresh(), login } }),
  },
  [`GET ${path}/:id`]: about(({ id }) => `${path}/${id}`),
  [`PUT ${path}/:id`]: about(
    ({ id }) => `${path}/${id}`,
    ({ fresh }) => ({ name: fresh() }),
  ),
  [`DELETE ${path}/:id`]: about(({ id }) => `${path}/${id}`),
  [`POST ${path}/:id/test`]: {
    ...about(
      ({ id }) => `${path}/${id}/test`,
      () => ({}),
    ),
    unaudited,
  },
  [`POST ${path}/test`]: {
    request: ({ fresh }) => ({ url: `${path}/test`, body: { registry: door, name: fresh(), login } }),
    unaudited,
  },
  [`POST ${anchore}`]: {
    request: ({ fresh }) => ({
      url: `${anchore}?validate=false`,
      body: { ...anchoreLogin, registry: `${fresh()}.example` },
    }),
  },
  [`GET ${anchore}/:registry`]: about(({ registry }) => `${anchore}/${registry}`),
  [`PUT ${anchore}/:registry`]: about(
    ({ registry }) => `${anchore}/${registry}?validate=false`,
    (_, { registry }) => ({ ...anchoreLogin, registry }),
  ),
  [`DELETE ${anchore}/:registry`]: about(({ registry }) => `${anchore}/${registry}`),
};
