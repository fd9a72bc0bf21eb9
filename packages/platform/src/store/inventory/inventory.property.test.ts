import { randomUUID } from "node:crypto";
import type { InventoryContents } from "@plimsoll/contract";
import type { Package, Sbom } from "@plimsoll/model";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { theServer } from "../../identity/actor.ts";
import { findInUse } from "../../services/inventory/find-in-use.ts";
import { takeSnapshot } from "../../services/inventory/take-snapshot.ts";
import { someKnowledge, someLayer, somePackages } from "../../testing/any-estate.ts";
import {
  countersOf,
  type Known,
  type LayerRecipe,
  noCounters,
  reportOf,
  revisionOf,
  sbomOf,
} from "../../testing/estate.ts";
import { emptyStore, servers } from "../../testing/test-store.ts";
import { ingest } from "../ingest/ingest.ts";
import { rematch } from "../knowledge/rematch.ts";
import type { Store } from "../open-store.ts";

let store: Store;

/** Images that there are: scanned or not, they run. */
const images = fc.array(fc.array(someLayer, { minLength: 1, maxLength: 3 }), { minLength: 3, maxLength: 3 });
const workload = fc.record({
  name: fc.constantFrom("w1", "w2", "w3", "w4"),
  image: fc.nat(2),
  loaded: fc.option(somePackages, { nil: undefined }),
});
const step = fc.oneof(
  fc.record({
    do: fc.constant("snapshot"),
    source: fc.constantFrom("s1", "s2"),
    complete: fc.boolean(),
    workloads: fc.array(workload, { maxLength: 5 }),
  }),
  fc.record({ do: fc.constant("scan"), image: fc.nat(2) }),
  fc.record({ do: fc.constant("learn"), known: someKnowledge }),
  fc.record({ do: fc.constant("find") }),
  fc.record({ do: fc.constant("collect") }),
);

describe.each(servers)("the inventory on $server", ({ open, missing }) => {
  beforeAll(async () => {
    if (missing === null) store = await open();
  });
  afterAll(() => store?.[Symbol.asyncDispose]());

  it.skipIf(missing !== null)(
    "workloads, their counters and those of packages in use equal what counting one by one gives, after any sequence of snapshots, scans and revisions",
    async () => {
      await fc.assert(
        fc.asyncProperty(images, fc.array(step, { minLength: 4, maxLength: 14 }), async (made, steps) => {
          await emptyStore(store);
          const estate = new Estate(made);
          for (const next of steps) await estate.take(next);
          await find();
          expect(await listed()).toEqual(estate.expected());
        }),
        { numRuns: Number(process.env.PLIMSOLL_PROPERTY_RUNS ?? 50) },
      );
    },
    240_000,
  );
});

type Value<A> = A extends fc.Arbitrary<infer T> ? T : never;

/** What a source says of a workload, replicas joined. */
interface Said {
  readonly image: number;
  readonly loaded: ReadonlySet<string> | null;
}

class Estate {
  readonly #sboms: readonly Sbom[];
  readonly #sources = new Map<string, Map<string, Said>>();
  readonly #scanned = new Set<number>();
  #known: Known = new Map();
  #seq = 0;
  #at = Date.parse("2026-01-01T00:00:00Z");

  constructor(made: readonly (readonly LayerRecipe[])[]) {
    this.#sboms = made.map((recipes, n) => ({
      ...sbomOf(recipes),
      source: { kind: "image", transport: "t", name: `i${n}` },
    }));
  }

  async take(next: Value<typeof step>): Promise<void> {
    this.#at += 1000;
    if (next.do === "snapshot") await this.#snapshot(next);
    else if (next.do === "scan") await this.#scan(next.image);
    else if (next.do === "learn") await this.#learn(next.known);
    else if (next.do === "find") await find();
    else await store.pool.query("select collect_running()");
  }

  async #snapshot({ source, complete, workloads }: Extract<Value<typeof step>, { do: "snapshot" }>): Promise<void> {
    const contents: InventoryContents = {
      workloads: workloads.map(({ name, image, loaded }) => ({
        labels: { w: name },
        image: { name: `i${image}`, id: this.#idOf(image) },
        ...(loaded && { loaded: loadedAs(loaded) }),
      })),
    };
    const services = { pool: store.pool, clock: () => this.#at };
    const sent = { id: randomUUID(), source: { kind: "other" as const, name: source }, parts: 0, complete, contents };
    await takeSnapshot(services, theServer, { ...sent, takenAt: new Date(this.#at).toISOString() });
    const before = complete ? new Map<string, Said>() : (this.#sources.get(source) ?? new Map());
    const groups = Map.groupBy(workloads, ({ name, image }) => `${name} ${this.#idOf(image)} i${image}`);
    const said = [...groups].map(([key, alike]): [string, Said] => {
      const loaded = alike.flatMap((one) => (one.loaded === undefined ? [] : [one.loaded]));
      return [key, { image: alike[0]?.image ?? 0, loaded: loaded.length === 0 ? null : new Set(loaded.flat()) }];
    });
    this.#sources.set(source, new Map([...before, ...said]));
  }

  #idOf(image: number): string {
    return this.#sboms[image]?.image?.imageId ?? "";
  }

  async #scan(image: number): Promise<void> {
    const sbom = this.#sboms[image];
    if (sbom === undefined) return;
    const at = new Date(this.#at).toISOString();
    const asset = { kind: "pipeline", name: `i${image}`, scope: {}, team: null } as const;
    const report = reportOf(sbom, this.#known, at);
    const done = await ingest(store.pool, { report, asset, seq: this.#seq, actor: "test", scope: 0 });
    if (done.outcome !== "stored") throw new Error("nothing else teaches this store");
    for (const [n, { image: same }] of this.#sboms.entries()) {
      if (same?.imageId === sbom.image?.imageId) this.#scanned.add(n);
    }
  }

  async #learn(known: Known): Promise<void> {
    const revision = revisionOf(this.#known, known, new Date(this.#at).toISOString());
    this.#seq = (await rematch(store.pool, revision, this.#at)).seq;
    this.#known = known;
  }

  expected(): unknown[] {
    const all = Map.groupBy(
      [...this.#sources.values()].flatMap((said) => [...said]),
      ([key]) => key,
    );
    return [...all]
      .map(([key, said]) =>
        this.#expectedOf(
          key,
          said.map(([, one]) => one),
        ),
      )
      .sort(byName);
  }

  #expectedOf(key: string, said: readonly Said[]): { name: string } {
    const [name = "", id = ""] = key.split(" ");
    const image = said[0]?.image ?? 0;
    const sbom = this.#sboms[image];
    const loaded = said.flatMap((one) => (one.loaded === null ? [] : [one.loaded]));
    const isScanned = sbom !== undefined && this.#scanned.has(image);
    const isUsed = (pkg: Package) => loaded.some((some) => some.has(`${pkg.name}@${pkg.version}`));
    return {
      name: `${name} ${id} i${image}`,
      ...(isScanned ? countersOf(sbom, this.#known) : noCounters),
      running: isScanned && loaded.length > 0 ? countersOf(sbom, this.#known, isUsed) : null,
    } as { name: string };
  }
}

/** Some by package URL, some by name. */
function loadedAs(loaded: readonly string[]) {
  const names = loaded.filter((_, n) => n % 2 === 0).map((text) => text.split("@"));
  return {
    purls: loaded.filter((_, n) => n % 2 === 1).map((text) => `pkg:npm/${text}`),
    names: names.map(([name = "", version = ""]) => ({ name, version })),
  };
}

function byName(a: { name: string }, b: { name: string }): number {
  return a.name < b.name ? -1 : 1;
}

async function find(): Promise<void> {
  await findInUse({ pool: store.pool, clock: () => 0 }, new AbortController().signal);
}

async function listed(): Promise<unknown[]> {
  const { rows } = await store.pool.query(
    `select (a.scope ->> 'w') || ' ' || (a.scope ->> 'container.image.id') || ' ' || a.name as name,
       c.critical, c.high, c.medium, c.low, c.negligible, c.unknown, c.exploitable, c.fixable,
       case when a.in_use > 0 then jsonb_build_object('critical', u.critical, 'high', u.high, 'medium', u.medium, 'low', u.low,
         'negligible', u.negligible, 'unknown', u.unknown, 'exploitable', u.exploitable, 'fixable', u.fixable) end as running
     from asset a join image_counter c on c.image_id = a.image_id join running_set u on u.id = a.in_use
     where a.kind = 'workload'`,
  );
  return rows.sort(byName);
}
