import type { World } from "../walk-world.ts";
import type { Sample, Samples } from "./sample.ts";

const older = "/api/serviceaccounts/team";
const whole = "/platform/v1/service-accounts";
const ofTeam = (team: unknown) => `/platform/v1/teams/${team}/service-accounts`;
const inTeam = ofTeam(":id");

async function account(world: World, path: string): Promise<unknown> {
  return (await world.asAdmin("POST", path, { name: world.fresh() })).id;
}

/** In the first team, and the same in the other. */
function inBoth(request: (world: World, team: number) => ReturnType<Sample["request"]>): Sample {
  return { request: (world) => request(world, world.own), foreign: (world) => request(world, world.other) };
}

const ofWhole: Sample = {
  request: async (world) => ({ url: `${whole}/${await account(world, whole)}` }),
  foreign: async (world) => ({ url: `${whole}/${await account(world, ofTeam(world.own))}` }),
};

export const serviceAccountSamples: Samples = {
  [`GET ${inTeam}`]: inBoth((_, team) => ({ url: ofTeam(team) })),
  [`POST ${inTeam}`]: inBoth(({ fresh }, team) => ({ url: ofTeam(team), body: { name: fresh() } })),
  [`GET ${inTeam}/:accountId`]: inBoth(async (world, team) => ({
    url: `${ofTeam(team)}/${await account(world, ofTeam(team))}`,
  })),
  [`DELETE ${inTeam}/:accountId`]: inBoth(async (world, team) => ({
    url: `${ofTeam(team)}/${await account(world, ofTeam(team))}`,
  })),
  [`POST ${whole}`]: {
    request: ({ fresh }) => ({ url: whole, body: { name: fresh(), systemRoles: ["ROLE_TEAM_SCANNER"] } }),
  },
  [`GET ${whole}/:id`]: ofWhole,
  [`DELETE ${whole}/:id`]: ofWhole,
  [`GET ${older}`]: inBoth((_, teamId) => ({ url: `${older}?teamId=${teamId}` })),
  [`POST ${older}`]: inBoth(({ fresh }, teamId) => ({
    url: older,
    body: { name: fresh(), teamId, teamRole: "ROLE_TEAM_SCANNER" },
  })),
  [`GET ${older}/:id`]: inBoth(async (world, team) => ({ url: `${older}/${await account(world, ofTeam(team))}` })),
  [`PUT ${older}/:id`]: inBoth(async (world, teamId) => ({
    url: `${older}/${await account(world, ofTeam(teamId))}`,
    body: { name: world.fresh(), teamId },
  })),
  [`DELETE ${older}/:id/delete`]: inBoth(async (world, team) => ({
    url: `${older}/${await account(world, ofTeam(team))}/delete`,
  })),
};
