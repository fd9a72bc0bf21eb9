import { randomUUID } from "node:crypto";
import type { SnapshotRequest } from "@plimsoll/contract";
import { afterAll, beforeAll, expect, it } from "vitest";
import { theServer } from "../../identity/actor.ts";
import type { Store } from "../../store/open-store.ts";
import { type ClusterSize, clusterAt } from "../../testing/made-up-cluster.ts";
import { servers } from "../../testing/test-store.ts";
import { forgetSilent } from "./forget-silent.ts";
import { receivePart, takeSnapshot } from "./take-snapshot.ts";

let store: Store;
beforeAll(async () => {
  store = await servers[0].open();
}, 60_000);
afterAll(() => store?.[Symbol.asyncDispose]());

const size: ClusterSize = { workloads: 1000, containers: 3000, images: 200, loaded: 5 };
const hour = 3_600_000;
let at = Date.parse("2026-01-01T00:00:00Z");
const services = () => ({ pool: store.pool, clock: () => at });

function requestOf(name: string): Omit<SnapshotRequest, "parts"> {
  return {
    id: randomUUID(),
    source: { kind: "cluster", name },
    takenAt: new Date(at).toISOString(),
    complete: true,
  };
}

/** In parts of 300, the last one first. */
async function sendInParts(name: string, step: number) {
  at += 60_000;
  const sent = requestOf(name);
  const all = clusterAt(step, size);
  const parts = Math.ceil(all.length / 300);
  for (let part = parts - 1; part >= 0; part--) {
    const bytes = Buffer.from(JSON.stringify({ workloads: all.slice(part * 300, (part + 1) * 300) }));
    await receivePart(services(), theServer, { id: sent.id, part, bytes });
  }
  return takeSnapshot(services(), theServer, { ...sent, parts });
}

async function count(sql: string): Promise<number> {
  const { rows } = await store.pool.query<{ n: number }>(`select count(*)::integer as n from ${sql}`);
  return rows[0]?.n ?? 0;
}

it("a cluster of 1,000 workloads: replicas are one, what is replaced goes, and nothing is written twice", async () => {
  const first = await sendInParts("large", 0);
  expect(first).toMatchObject({ added: 1000, gone: 0, seen: { workloads: 1000, replicas: 3000 }, toScanTotal: 200 });
  expect(await sendInParts("large", 0)).toMatchObject({ added: 0, changed: 0, unchanged: 1000, gone: 0 });
  expect(await sendInParts("large", 1)).toMatchObject({ added: 50, unchanged: 950, gone: 50 });
  expect(await sendInParts("large", 2)).toMatchObject({ added: 50, unchanged: 950, gone: 50 });
  expect([await count("running"), await count("asset"), await count("snapshot_part")]).toEqual([1000, 1000, 0]);
}, 120_000);

it("of the same snapshot sent by many at once one is taken, and all are answered the same or told to come again", async () => {
  const contents = {
    workloads: [
      { image: { name: "a" }, replicas: 3 },
      { image: { name: "a" }, replicas: 4 },
    ],
  };
  const sent = { ...requestOf("at once"), parts: 0, contents };
  const all = await Promise.allSettled(Array.from({ length: 8 }, () => takeSnapshot(services(), theServer, sent)));
  const codes = all.map((one) => (one.status === "fulfilled" ? one.value.seen.replicas : one.reason.code));
  expect(codes).toContain(7);
  expect(codes.filter((code) => code !== 7 && code !== "SNAPSHOT_BUSY")).toEqual([]);
  expect(await takeSnapshot(services(), theServer, sent)).toMatchObject({ added: 1 });
  expect(await count("audit where action = 'inventory.snapshot' and detail ->> 'name' = 'at once'")).toBe(1);
});

it("what a source said goes when it has been silent for long, and not what another says", async () => {
  const contents = { workloads: [{ image: { name: "shared" } }], hosts: [{ name: "node" }] };
  await takeSnapshot(services(), theServer, { ...requestOf("silent"), parts: 0, contents });
  const before = await count("asset where kind = 'host'");
  at += 30 * hour;
  const others = { ...requestOf("speaking"), parts: 0, contents: { hosts: contents.hosts } };
  await takeSnapshot(services(), theServer, others);
  const silent = new Date(at - 24 * hour).toISOString();
  const { sources, assets } = await forgetSilent(services(), silent, new AbortController().signal);
  expect(sources).toBe(3);
  expect(assets).toBe(1002);
  expect([before, await count("asset where kind = 'host'"), await count("asset")]).toEqual([1, 1, 1]);
}, 60_000);
