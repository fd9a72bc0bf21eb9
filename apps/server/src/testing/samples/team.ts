import { addPerson } from "../people.ts";
import type { World } from "../walk-world.ts";
import type { Sample, Samples } from "./sample.ts";

const path = "/platform/v1/teams";
const older = "/api/teams";
const shared = "whoever may change teams may change all";

async function teamId(world: World): Promise<unknown> {
  return (await world.asAdmin("POST", path, { name: world.fresh(), product: "secure" })).id;
}

/** Somebody new in a team. */
function member({ server, fresh }: World, team: number): Promise<number> {
  return addPerson(server, { username: `${fresh()}@example.org`, teams: { [team]: "ROLE_TEAM_READ" } });
}

function ofOneTeam(base: string): Sample {
  return {
    request: ({ own }) => ({ url: `${base}/${own}` }),
    foreign: ({ other }) => ({ url: `${base}/${other}` }),
  };
}

function ofMember(body?: object): Sample {
  const at = async (world: World, team: number) => ({
    url: `${path}/${team}/users/${await member(world, team)}`,
    ...(body && { body }),
  });
  return { request: (world) => at(world, world.own), foreign: (world) => at(world, world.other) };
}

function changing(base: string): Samples {
  return {
    [`POST ${base}`]: { request: ({ fresh }) => ({ url: base, body: { name: fresh() } }) },
    [`DELETE ${base}/:id`]: { request: async (world) => ({ url: `${base}/${await teamId(world)}` }), shared },
    [`PUT ${base}/:id`]: {
      request: async (world) => ({ url: `${base}/${await teamId(world)}`, body: { name: world.fresh(), version: 1 } }),
      shared,
    },
  };
}

export const teamSamples: Samples = {
  ...changing(path),
  ...changing(older),
  [`GET ${path}/:id`]: ofOneTeam(path),
  [`GET ${older}/:id`]: ofOneTeam(older),
  "GET /api/v2/teams/light/name/:name": {
    request: () => ({ url: "/api/v2/teams/light/name/own" }),
    foreign: () => ({ url: "/api/v2/teams/light/name/other" }),
  },
  [`GET ${path}/:id/users`]: {
    request: ({ own }) => ({ url: `${path}/${own}/users` }),
    foreign: ({ other }) => ({ url: `${path}/${other}/users` }),
  },
  [`GET ${path}/:id/users/:userId`]: ofMember(),
  [`DELETE ${path}/:id/users/:userId`]: ofMember(),
  [`PUT ${path}/:id/users/:userId`]: ofMember({ standardTeamRole: "ROLE_TEAM_STANDARD" }),
};
