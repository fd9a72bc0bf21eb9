import { now } from "../test-server.ts";
import type { World } from "../walk-world.ts";
import type { Samples } from "./sample.ts";

const url = "/api/users/me/tokens";

async function tokenOf({ server }: World, person: number): Promise<number> {
  const { rows } = await server.services.pool.query(
    `insert into token (hash, name, person_id, role, created_at)
     values (sha256(random()::text::bytea), 'sample', $1, 'ROLE_ADMIN', now()) returning id`,
    [person],
  );
  return rows[0].id;
}

const expiresAt = new Date(now + 3600_000).toISOString();

export const tokenSamples: Samples = {
  "GET /api/token": { request: () => ({ url: "/api/token" }) },
  [`GET ${url}`]: { request: () => ({ url }), session: true },
  [`POST ${url}`]: {
    request: () => ({ url, body: { name: "ci", expiresAt } }),
    foreign: ({ other }) => ({ url, body: { name: "ci", expiresAt, team: other } }),
    session: true,
  },
  [`DELETE ${url}/:id`]: {
    request: async (world, { person }) => ({ url: `${url}/${await tokenOf(world, person)}` }),
    foreign: async (world) => ({ url: `${url}/${await tokenOf(world, world.admin.person)}` }),
    session: true,
  },
};
