import type { Caller, World } from "../walk-world.ts";
import type { SampleRequest, Samples } from "./sample.ts";

const path = "/secure/vulnerability/v1/jobs";

interface Wanted {
  readonly team: number;
  readonly state: "queued" | "failed";
  readonly askedBy: string;
}

async function jobId({ server, fresh }: World, { team, state, askedBy }: Wanted): Promise<string> {
  const { rows } = await server.services.pool.query<{ id: string }>(
    `insert into job (name, key, team_id, payload, state, priority, max_attempts, asked_by, run_at, ended_at)
     values ('evaluate', $1, $2, '{}', $3, 10, 3, $4, now() + interval '1 day', case when $3 = 'failed' then now() end)
     returning id::text`,
    [fresh(), team, state, askedBy],
  );
  return rows[0]?.id ?? "";
}

const urls = {
  read: (id: string) => `${path}/${id}`,
  cancel: (id: string) => `${path}/${id}/cancel`,
  retry: (id: string) => `${path}/${id}/retry`,
};

async function askedByCaller({ server }: World, { token }: Caller): Promise<string> {
  const answer = await server.app.inject({ url: "/api/identity/context", headers: { ...token } });
  return `token:${answer.json().serviceAccountId}`;
}

/** Of a job that the caller asked for, or of one of the other team. */
function about(url: (id: string) => string, state: Wanted["state"]) {
  return {
    request: async (world: World, caller: Caller): Promise<SampleRequest> => {
      const askedBy = await askedByCaller(world, caller);
      return { url: url(await jobId(world, { team: world.own, state, askedBy })) };
    },
    foreign: async (world: World): Promise<SampleRequest> => ({
      url: url(await jobId(world, { team: world.other, state, askedBy: "token:0" })),
    }),
  };
}

export const jobSamples: Samples = {
  // What everybody may see: one's own.
  [`GET ${path}`]: { request: () => ({ url: `${path}?mine=true` }) },
  [`GET ${path}/:id`]: about(urls.read, "queued"),
  [`POST ${path}/:id/cancel`]: about(urls.cancel, "queued"),
  [`POST ${path}/:id/retry`]: about(urls.retry, "failed"),
  [`DELETE ${path}/:id`]: about(urls.read, "failed"),
  "POST /secure/vulnerability/v1/scan-now": {
    request: ({ fresh }) => ({
      url: "/secure/vulnerability/v1/scan-now",
      body: { image: `registry.example/${fresh()}:1` },
    }),
    foreign: async (world) => ({
      url: "/secure/vulnerability/v1/scan-now",
      body: { assetId: world.results.other.slice(0, 16) },
    }),
  },
  "POST /secure/vulnerability/v1/feeds/update": { request: () => ({ url: "/secure/vulnerability/v1/feeds/update" }) },
};
