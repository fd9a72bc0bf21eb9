import { randomUUID } from "node:crypto";
import type { World } from "../walk-world.ts";
import type { Samples } from "./sample.ts";

const path = "/secure/inventory/v1";

/** A cluster with one workload that nobody has scanned. */
function oneWorkload({ fresh }: World): object {
  return {
    id: randomUUID(),
    source: { kind: "cluster", name: fresh() },
    takenAt: "2026-11-22T11:00:00Z",
    complete: true,
    contents: { workloads: [{ image: { name: `registry.example/${fresh()}:1` } }] },
  };
}

async function runUnscanned(world: World): Promise<void> {
  const payload = oneWorkload(world);
  const headers = { ...world.scanner };
  const answer = await world.server.app.inject({ method: "POST", url: `${path}/snapshots`, headers, payload });
  if (answer.statusCode !== 200) throw new Error(answer.body);
}

const ownAlone = "a snapshot belongs to the token that sends it, whatever its id";

export const inventorySamples: Samples = {
  [`PUT ${path}/snapshots/:id/parts/:part`]: {
    request: (world) => ({
      url: `${path}/snapshots/${randomUUID()}/parts/0`,
      body: Buffer.from(JSON.stringify({ hosts: [{ name: world.fresh() }] })),
    }),
    shared: ownAlone,
    unaudited: "a part of a snapshot is nothing yet; the snapshot is told",
  },
  [`GET ${path}/snapshots/:id`]: {
    request: () => ({ url: `${path}/snapshots/${randomUUID()}` }),
    shared: ownAlone,
  },
  [`POST ${path}/snapshots`]: {
    request: (world) => ({ url: `${path}/snapshots`, body: oneWorkload(world) }),
  },
  [`GET ${path}/where-runs`]: {
    request: () => ({ url: `${path}/where-runs?image=sha256:${"a".repeat(64)}` }),
  },
  [`POST ${path}/unscanned/scan`]: {
    request: async (world) => {
      await runUnscanned(world);
      return { url: `${path}/unscanned/scan`, body: { limit: 1 } };
    },
  },
};
