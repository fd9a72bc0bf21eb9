import { testPassword } from "../people.ts";
import type { Caller, World } from "../walk-world.ts";
import type { Samples } from "./sample.ts";

/** As somebody who may be signed out or whose password may change without harm. */
async function asTwin(world: World, caller: Caller) {
  const twin = await world.twin(caller);
  return { twin, headers: { ...(await twin.session()) } };
}

async function sessionIdOf({ server }: World, person: number): Promise<number> {
  const { rows } = await server.services.pool.query("select max(id) as id from session where person_id = $1", [person]);
  return rows[0].id;
}

export const sessionSamples: Samples = {
  "POST /api/session": {
    request: (_, { username }) => ({ url: "/api/session", body: { username, password: testPassword } }),
  },
  "GET /api/session": { request: () => ({ url: "/api/session" }), session: true },
  "DELETE /api/session": { request: () => ({ url: "/api/session" }), session: true },
  "GET /api/sessions": { request: () => ({ url: "/api/sessions" }), session: true },
  "PUT /api/session/team": {
    request: (_, { team }) => ({ url: "/api/session/team", body: { team } }),
    foreign: ({ other }) => ({ url: "/api/session/team", body: { team: other } }),
    session: true,
  },
  "PUT /api/users/me/password": {
    request: async (world, caller) => ({
      url: "/api/users/me/password",
      body: { oldPassword: testPassword, newPassword: "another one altogether" },
      headers: (await asTwin(world, caller)).headers,
    }),
    session: true,
  },
  "DELETE /api/sessions/:id": {
    request: async (world, caller) => {
      const { twin, headers } = await asTwin(world, caller);
      return { url: `/api/sessions/${await sessionIdOf(world, twin.person)}`, headers };
    },
    foreign: async (world) => {
      await world.admin.session();
      return { url: `/api/sessions/${await sessionIdOf(world, world.admin.person)}` };
    },
    session: true,
  },
};
