import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Known, LayerRecipe } from "../testing/estate.ts";
import { findingsOf, reportOf, sbomOf } from "../testing/estate.ts";
import { servers } from "../testing/test-store.ts";
import { ingest } from "./ingest/ingest.ts";
import { recoverCounters, rematch } from "./knowledge/rematch.ts";
import type { Store } from "./open-store.ts";

let store: Store;

const at = "2026-01-01T00:00:00.000Z";
const names = Array.from({ length: 30 }, (_, n) => `p${n}@1`);
const bases: LayerRecipe[] = [0, 1, 2].map((n) => ({ adds: names.slice(n * 8, n * 8 + 8), removes: [] }));

/** Numbers that look drawn and are the same every time. */
function drawn(seed: number, below: number): number {
  return (Math.imul(seed ^ (seed >>> 15), 0x2c1b3c6d) % below) >>> 0;
}

function imageNumber(n: number): readonly LayerRecipe[] {
  const base = bases[n % bases.length] ?? { adds: [], removes: [] };
  const own = names.filter((_, at) => drawn(n * 31 + at, 5) === 0);
  return [base, { adds: own, removes: base.adds.slice(0, n % 3) }, { adds: [`own${n}@1`], removes: [] }];
}

function knowledgeNumber(n: number): Known {
  const flawed = names.filter((_, at) => drawn(n * 17 + at, 3) === 0);
  return new Map(
    flawed.map((name) => [
      name,
      [{ vulnerability: `CVE-${name}`, severity: "high", fixable: n % 2 === 0, exploited: n % 3 === 0 }] as const,
    ]),
  );
}

describe.each(servers)("the store on $server", ({ open, missing }) => {
  beforeAll(async () => {
    if (missing === null) store = await open();
  });
  afterAll(() => store?.[Symbol.asyncDispose]());

  it.skipIf(missing !== null)(
    "counters stay exact while scans come in from eight sides beside revisions, and no two wait for each other forever",
    async () => {
      const revisions = 6;
      let current = 0;
      const scanned = new Set<number>();
      const scanner = async (from: number): Promise<void> => {
        for (let n = from; n < 160; n += 8) {
          const sbom = sbomOf(imageNumber(n));
          for (let outcome = "stale"; outcome === "stale"; ) {
            const seq = current;
            const asset = { kind: "registry", name: `image ${n}`, scope: {}, team: null } as const;
            const report = reportOf(sbom, knowledgeNumber(seq), at);
            outcome = (await ingest(store.pool, { report, asset, seq, actor: "test" })).outcome;
            if (outcome === "stale") await new Promise((resolve) => setTimeout(resolve, 1));
          }
          scanned.add(n);
        }
      };
      const learner = async (): Promise<void> => {
        for (let n = 1; n <= revisions; n++) {
          while (scanned.size < n * 20) await new Promise((resolve) => setTimeout(resolve, 2));
          const known = knowledgeNumber(n);
          const changed = names.map((name) => ({ ecosystem: "npm", name: name.slice(0, -2) }));
          const judge = (sbom: Parameters<typeof findingsOf>[0]) => {
            current = n;
            return findingsOf(sbom, known);
          };
          await rematch(store.pool, { revision: `r${n}`, builtAt: at, changed, findingsOf: judge }, 0);
        }
      };
      await Promise.all([learner(), ...Array.from({ length: 8 }, (_, from) => scanner(from))]);
      expect(await wrongCounters()).toEqual([]);
      expect(scanned.size).toBe(160);
    },
  );

  it.skipIf(missing !== null)("counters of a revision whose program died before counting are made good", async () => {
    // What a revision does, up to the moment before it counts.
    await store.pool.query(
      `create temporary table judged as select id as component_id from component order by id limit 20;
       create temporary table wanted as
         select component_id, 'CVE-crash' as vulnerability, 4::smallint as severity, 1::smallint as flags from judged;
       select rejudge('crash', '${at}', '${at}');
       drop table judged, wanted`,
    );
    expect((await wrongCounters()).length).toBeGreaterThan(0);
    expect(await recoverCounters(store.pool)).toBe(1);
    expect(await wrongCounters()).toEqual([]);
    expect(await recoverCounters(store.pool)).toBe(0);
  });
});

/** Images whose kept counters are not what their packages and the open matches give. */
async function wrongCounters(): Promise<unknown[]> {
  const { rows } = await store.pool.query(
    `select i.id, c.high, t.high as real_high, c.fixable, t.fixable as real_fixable
     from image i join image_counter c on c.image_id = i.id
     cross join lateral (
       select coalesce(sum(e.n) filter (where m.severity = 4), 0)::integer as high,
         coalesce(sum(e.n) filter (where m.flags & 1 <> 0), 0)::integer as fixable
       from set_ancestor a join package_set_edge e on e.set_id = a.ancestor_id
       join component_match m on m.component_id = e.component_id and m.valid_to = 2147483647
       where a.set_id = i.set_id
     ) t
     where (c.high, c.fixable) is distinct from (t.high, t.fixable)`,
  );
  return rows;
}
