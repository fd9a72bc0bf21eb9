import type { Sbom } from "@plimsoll/model";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { someKnowledge, someLayer } from "../testing/any-estate.ts";
import { countersOf, type Known, type LayerRecipe, reportOf, revisionOf, sbomOf } from "../testing/estate.ts";
import { emptyStore, servers } from "../testing/test-store.ts";
import type { AssetSeen } from "./ingest/asset.ts";
import { ingest } from "./ingest/ingest.ts";
import { rematch } from "./knowledge/rematch.ts";
import type { Store } from "./open-store.ts";

let store: Store;

const at = "2026-01-01T00:00:00.000Z";

/** `grow`: on what a known image has, so that bases are shared, also bases that are scanned after their children. */
const step = fc.oneof(
  fc.record({
    do: fc.constant("scan"),
    grow: fc.nat(),
    keep: fc.nat(4),
    layers: fc.array(someLayer, { maxLength: 3 }),
  }),
  fc.record({ do: fc.constant("rescan"), which: fc.nat() }),
  fc.record({ do: fc.constant("delete"), which: fc.nat() }),
  fc.record({ do: fc.constant("learn"), known: someKnowledge }),
  fc.record({ do: fc.constant("collect") }),
);

describe.each(servers)("the store on $server", ({ open, missing }) => {
  beforeAll(async () => {
    if (missing === null) store = await open();
  });
  afterAll(() => store?.[Symbol.asyncDispose]());

  it.skipIf(missing !== null)(
    "counters and lists equal what counting one by one gives, after any sequence of scans, deletions and revisions",
    async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 14 }), async (steps) => {
          await emptyStore(store);
          const estate = new Estate();
          for (const next of steps) await estate.take(next);
          expect(await listed()).toEqual(estate.expected());
          expect(await basesListed()).toEqual(estate.expectedBases());
        }),
        { numRuns: Number(process.env.PLIMSOLL_PROPERTY_RUNS ?? 60) },
      );
    },
    240_000,
  );
});

type Step =
  | { readonly do: "scan"; readonly grow: number; readonly keep: number; readonly layers: readonly LayerRecipe[] }
  | { readonly do: "rescan" | "delete"; readonly which: number }
  | { readonly do: "learn"; readonly known: Known }
  | { readonly do: "collect" };

/** What there should be, counted one by one. */
class Estate {
  readonly #recipes: (readonly LayerRecipe[])[] = [];
  readonly #assets = new Map<string, { readonly id: string; readonly sbom: Sbom }>();
  #known: Known = new Map();
  #seq = 0;

  async take(next: Step): Promise<void> {
    if (next.do === "scan") await this.#scan(next);
    else if (next.do === "rescan")
      await this.#ingest([...this.#assets.values()].at(next.which % this.#assets.size)?.sbom);
    else if (next.do === "delete") await this.#delete(next.which);
    else if (next.do === "learn") await this.#learn(next.known);
    else await store.pool.query("select collect_garbage()");
  }

  async #scan({ grow, keep, layers }: Extract<Step, { do: "scan" }>): Promise<void> {
    const below = this.#recipes.length === 0 ? [] : (this.#recipes[grow % this.#recipes.length] ?? []).slice(0, keep);
    const recipes = [...below, ...layers];
    this.#recipes.push(recipes);
    await this.#ingest(sbomOf(recipes));
  }

  async #ingest(sbom: Sbom | undefined): Promise<void> {
    if (sbom === undefined) return;
    const name = sbom.image?.imageId ?? "";
    const asset: AssetSeen = { kind: "pipeline", name, scope: {}, team: null };
    const done = await ingest(store.pool, {
      report: reportOf(sbom, this.#known, at),
      asset,
      seq: this.#seq,
      actor: "test",
    });
    if (done.outcome !== "stored") throw new Error("nothing else teaches this store");
    this.#assets.set(name, { id: done.assetId, sbom });
  }

  async #delete(which: number): Promise<void> {
    const name = [...this.#assets.keys()].at(which % this.#assets.size);
    const gone = name === undefined ? undefined : this.#assets.get(name);
    if (name === undefined || gone === undefined) return;
    this.#assets.delete(name);
    await store.pool.query("select delete_asset(('x' || $1)::bit(64)::bigint, 'test', now())", [gone.id]);
  }

  async #learn(known: Known): Promise<void> {
    this.#seq = (await rematch(store.pool, revisionOf(this.#known, known, at), 0)).seq;
    this.#known = known;
  }

  expected(): unknown[] {
    return [...this.#assets].map(([name, { sbom }]) => ({ name, ...countersOf(sbom, this.#known) })).sort(byName);
  }

  /** Of each asset the others whose layers are the lower ones of its own. */
  expectedBases(): unknown[] {
    const all = [...this.#assets].map(([name, { sbom }]) => ({ name, chains: chainsOf(sbom) }));
    const pairs = all.flatMap(({ name, chains }) =>
      all
        .filter((base) => base.chains.length > 0 && base.chains.length < chains.length)
        .filter((base) => base.chains.at(-1) === chains[base.chains.length - 1])
        .map((base) => ({ name, base: base.name })),
    );
    return pairs.sort(byName);
  }
}

function chainsOf(sbom: Sbom): string[] {
  return (sbom.image?.layers ?? []).flatMap(({ chainId }) => chainId ?? []);
}

function byName(a: { name: string; base?: string }, b: { name: string; base?: string }): number {
  return `${a.name} ${a.base}` < `${b.name} ${b.base}` ? -1 : 1;
}

async function listed(): Promise<unknown[]> {
  const { rows } = await store.pool.query(
    `select a.name, c.critical, c.high, c.medium, c.low, c.negligible, c.unknown, c.exploitable, c.fixable
     from asset a join image_counter c on c.image_id = a.image_id`,
  );
  return rows.sort(byName);
}

async function basesListed(): Promise<unknown[]> {
  const { rows } = await store.pool.query(
    `select a.name, b.name as base
     from asset a join image i on i.id = a.image_id
     join image_layer l on l.image_id = i.id and l.chain_id <> i.top_chain
     join image bi on bi.top_chain = l.chain_id
     join asset b on b.image_id = bi.id`,
  );
  return rows.sort(byName);
}
