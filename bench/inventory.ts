/**
 * A scripted collector of a large cluster: whole snapshots in parts into an empty store, with 5 % of the workloads
 * replaced between two of them; then lists over what runs.
 *   node bench/inventory.ts [WORKLOADS [CONTAINERS [IMAGES]]]
 */
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { zstdCompressSync } from "node:zlib";
import type { SnapshotAnswer } from "@plimsoll/contract";
import {
  theServer as actor,
  ingest,
  listRuntimeResults,
  openStore,
  receivePart,
  type ServerKnowledge,
  takeSnapshot,
} from "@plimsoll/platform";
import { findInUse } from "../packages/platform/src/services/inventory/find-in-use.ts";
import { reportOf, sbomOf } from "../packages/platform/src/testing/estate.ts";
import { type ClusterSize, clusterAt, clusterImage } from "../packages/platform/src/testing/made-up-cluster.ts";

const [workloads = 10_000, containers = 30_000, images = 2000] = process.argv.slice(2).map(Number);
const size: ClusterSize = { workloads, containers, images, loaded: 30 };
const partSize = Math.max(1000, Math.ceil(workloads / 60));
/** No filter here names a flaw. */
const noKnowledge = { current: () => ({ base: { group: () => [] } }) } as unknown as ServerKnowledge;
const folder = mkdtempSync(join(tmpdir(), "plimsoll-cluster-"));
try {
  await using store = await openStore({ folder });
  const { pool, db } = store;
  const base = Date.parse("2026-01-01T00:00:00Z");
  let at = base;
  const services = { pool, db, clock: () => at };
  /** Sends and ends one snapshot; seconds from its first byte to its answer. */
  const snapshot = async (step: number): Promise<{ readonly seconds: number; readonly answer: SnapshotAnswer }> => {
    at += 60_000;
    const all = clusterAt(step, size);
    const parts: Buffer[] = [];
    for (let from = 0; from < all.length; from += partSize) {
      parts.push(zstdCompressSync(JSON.stringify({ workloads: all.slice(from, from + partSize) })));
    }
    const id = randomUUID();
    const started = performance.now();
    if (parts.length > 64) throw new Error("a snapshot has 64 parts at most: choose fewer workloads");
    for (const [part, bytes] of parts.entries()) await receivePart(services, actor, { id, part, bytes });
    const source = { kind: "cluster" as const, name: "bench" };
    const takenAt = new Date(at).toISOString();
    const answer = await takeSnapshot(services, actor, { id, source, takenAt, complete: true, parts: parts.length });
    return { seconds: (performance.now() - started) / 1000, answer };
  };
  const told = (what: string, { seconds, answer }: Awaited<ReturnType<typeof snapshot>>): void => {
    const { added, changed, unchanged, gone, toScanTotal } = answer;
    console.log(
      `${what.padEnd(34)} ${seconds.toFixed(2)} s`,
      JSON.stringify({ added, changed, unchanged, gone, toScanTotal }),
    );
  };
  console.log(JSON.stringify({ ...size, parts: Math.ceil(workloads / partSize) }));
  told("whole, nothing known", await snapshot(0));
  told("steady, nothing changed", await snapshot(0));
  told("5 % replaced", await snapshot(1));
  told("5 % replaced again", await snapshot(2));
  const scanned = Math.floor(images / 2);
  let started = performance.now();
  for (let n = 0; n < scanned; n++) {
    const packages = Array.from({ length: 60 }, (_, m) => `library-${(n * 7 + m) % 5000}@1.0.${m % 9}`);
    const made = sbomOf([{ adds: packages, removes: [] }]);
    const image = made.image === null ? null : { ...made.image, imageId: clusterImage(n) as typeof made.image.imageId };
    const report = reportOf({ ...made, image }, flaws(packages), new Date(at).toISOString());
    const asset = { kind: "pipeline", name: `app-${n}`, scope: {}, team: null } as const;
    await ingest(pool, { report, asset, seq: 0, actor: "bench", scope: 0 });
  }
  console.log(`${scanned} images scanned, linked at once`.padEnd(34), seconds(started));
  started = performance.now();
  const found = await findInUse(services, new AbortController().signal);
  console.log(`packages in use found of ${found}`.padEnd(34), seconds(started));
  told("steady, half of it scanned", await snapshot(2));
  await pool.query("vacuum analyze");
  for (const sort of ["runningVulnTotalBySeverity", "risk"] as const) {
    for (const filter of ["", "hasRunningVulns = true", 'kubernetes.namespace.name = "team-5"']) {
      const times: number[] = [];
      let cursor: string | undefined;
      for (let n = 0; n < 40; n++) {
        const from = performance.now();
        const query = { cursor, limit: 100, sort, order: "desc", filter } as const;
        const page = await listRuntimeResults({ db, knowledge: noKnowledge }, actor, query);
        times.push(performance.now() - from);
        cursor = page.next ?? undefined;
      }
      const p95 = times.sort((a, b) => a - b)[Math.floor(times.length * 0.95)] ?? 0;
      console.log(`list by ${sort} ${filter}`.padEnd(70), `p95 ${p95.toFixed(0)} ms`);
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function seconds(started: number): string {
  return `${((performance.now() - started) / 1000).toFixed(2)} s`;
}

/** One flaw in every third package. */
function flaws(packages: readonly string[]) {
  const severities = ["critical", "high", "medium", "low"] as const;
  return new Map(
    packages
      .filter((_, n) => n % 3 === 0)
      .map((name, n) => [
        name,
        [
          {
            vulnerability: `CVE-${name}`,
            severity: severities[n % 4] ?? "low",
            fixable: n % 2 === 0,
            exploited: n % 11 === 0,
          },
        ],
      ]),
  );
}
