import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { servers } from "../../testing/test-store.ts";
import { type Filter, lies, type Made, printed, quoted } from "../../testing/zone-judge.ts";
import type { Condition } from "../../zones/condition.ts";
import { jsonpathOf } from "../../zones/jsonpath.ts";
import { teamScopePath } from "../../zones/team-scope.ts";
import { type NewZoneFilter, readScopes } from "../../zones/zone-scopes.ts";
import { createTeam, setTeamScope } from "../identity/teams.ts";
import { type AssetSeen, assetKeyOf } from "../ingest/asset.ts";
import type { Store } from "../open-store.ts";
import { inTransaction } from "../transaction.ts";
import { addZone, changeZone, removeZone } from "./zones.ts";

let store: Store;

const change = { by: "test", at: 0 };

/** Values that mean something to JSON, to SQL, to patterns and to the rules language. */
const words = ["a", "b", "ab", 'a"b', "a\\b", "%", "[", ".*", "é✓", "a' or 'a"] as const;
const word = fc.constantFrom(...words);

const labels = fc.record(
  {
    "kubernetes.cluster.name": word,
    "kubernetes.namespace.name": word,
    "agent.tag.env": word,
    "kubernetes.workload.label.app": word,
    "cloudProvider.name": fc.constant("AWS"),
    "cloudProvider.account.id": word,
  },
  { requiredKeys: [] },
);
const asset: fc.Arbitrary<Made> = fc.record({
  kind: fc.constantFrom("pipeline", "registry", "workload", "host"),
  name: fc.constantFrom("r.example/a/b:1", "a/b@sha256:x", "localhost/ab", "alpine:3", "r.example:5000/a", "b"),
  scope: labels,
  team: fc.constantFrom(null, 0, 1),
});

const fieldsOf = {
  kubernetes: ["clusterId", "namespace", "agent.tag.env", "label.app", "agentTags", "labelValues"],
  host: ["clusterId", "name", "agent.tag.env", "agentTags"],
  image: ["registry", "repository"],
  aws: ["account"],
} as const;
type Type = keyof typeof fieldsOf;

function comparison(type: Type): fc.Arbitrary<Condition> {
  return fc.record({
    kind: fc.constant("comparison" as const),
    field: fc.constantFrom(...fieldsOf[type]),
    operator: fc.constantFrom("in" as const, "contains" as const),
    values: fc.array(fc.oneof(word, fc.constantFrom("r.example", "docker.io", "alpine", "a/b", "env: a", "app: ab")), {
      minLength: 1,
      maxLength: 3,
    }),
  });
}

function condition(type: Type): fc.Arbitrary<Condition> {
  return fc.letrec<{ condition: Condition }>((tie) => ({
    condition: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      comparison(type),
      fc.record({ kind: fc.constant("not" as const), part: tie("condition") }),
      fc.record({
        kind: fc.constantFrom("and" as const, "or" as const),
        parts: fc.array(tie("condition"), { minLength: 2, maxLength: 3 }),
      }),
    ),
  })).condition;
}

const filter: fc.Arbitrary<Filter> = fc
  .constantFrom<Type>("kubernetes", "host", "image", "aws")
  .chain((type) => fc.record({ type: fc.constant(type), asked: fc.option(condition(type)) }));
const scopes = fc.array(fc.array(filter, { minLength: 1, maxLength: 2 }), { minLength: 1, maxLength: 2 });

const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant("asset" as const), asset }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("zone" as const), scopes }) },
  fc.record({ do: fc.constant("change" as const), which: fc.nat(), scopes }),
  fc.record({ do: fc.constant("remove" as const), which: fc.nat() }),
  fc.record({ do: fc.constant("relabel" as const), which: fc.nat(), scope: labels }),
  fc.record({ do: fc.constant("give" as const), which: fc.nat(), team: fc.constantFrom(0 as const, 1 as const) }),
  fc.record({
    do: fc.constant("narrow" as const),
    team: fc.constantFrom(0 as const, 1 as const),
    asked: fc.option(word),
  }),
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

describe.each(servers)("zones on $server", ({ open, missing }) => {
  beforeAll(async () => {
    if (missing === null) store = await open();
  });
  afterAll(() => store?.[Symbol.asyncDispose]());

  it.skipIf(missing !== null)(
    "what a team sees equals judging every asset one by one, after any sequence of assets and zones",
    async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 25 }), async (steps) => {
          const estate = await Estate.empty();
          for (const next of steps) await estate.take(next);
          await estate.check();
        }),
        { numRuns: Number(process.env.PLIMSOLL_PROPERTY_RUNS ?? 60) },
      );
    },
    240_000,
  );

  it.skipIf(missing !== null)(
    "no asset is missed that comes in while a zone changes",
    async () => {
      const estate = await Estate.empty();
      const made = fc.sample(asset, { numRuns: 400, seed: 1 });
      const many = fc.sample(scopes, { numRuns: 25, seed: 2 });
      const writer = async (from: number): Promise<void> => {
        for (let n = from; n < made.length; n += 8) {
          const next = made[n];
          if (next !== undefined) await estate.take({ do: "asset", asset: { ...next, name: `${next.name}${n}` } });
        }
      };
      const changer = async (from: number): Promise<void> => {
        for (const [n, wanted] of many.entries()) {
          if (n % 2 !== from) continue;
          await estate.take({ do: "zone", scopes: wanted });
          await estate.take({ do: "give", which: n, team: from === 0 ? 0 : 1 });
          await estate.take({ do: "change", which: n * 7, scopes: many[(n + 3) % many.length] ?? wanted });
        }
      };
      await Promise.all([changer(0), changer(1), ...[0, 1, 2, 3, 4, 5, 6, 7].map(writer)]);
      await estate.check();
    },
    120_000,
  );
});

/** What there should be, judged one by one by an evaluator of its own. */
class Estate {
  readonly #teams: readonly number[];
  readonly #assets = new Map<string, Made>();
  readonly #zones = new Map<number, readonly (readonly Filter[])[]>();
  readonly #given: readonly [Set<number>, Set<number>] = [new Set(), new Set()];
  readonly #narrow: [string | null, string | null] = [null, null];
  #drawn = 0;

  constructor(teams: readonly number[]) {
    this.#teams = teams;
  }

  static async empty(): Promise<Estate> {
    await store.pool.query(
      "delete from team; delete from zone where not is_system; delete from asset; delete from audience",
    );
    const team = (name: string) => createTeam(store.pool, { name, description: "", allZones: false }, 0);
    return new Estate([await team("0"), await team("1")]);
  }

  async take(next: Step): Promise<void> {
    if (next.do === "asset") await this.#ingest(next.asset);
    else if (next.do === "zone") await this.#add(next.scopes);
    else if (next.do === "relabel") await this.#relabel(next);
    else if (next.do === "narrow") await this.#narrowTeam(next);
    else await this.#touch(next);
  }

  async #ingest(made: Made): Promise<void> {
    const team = made.team === null ? null : (this.#teams[made.team] ?? null);
    const seen: AssetSeen = { ...made, team };
    const key = assetKeyOf(seen, "");
    const row = JSON.stringify({ ...seen, ...key, at: "2026-01-01T00:00:00Z" });
    await store.pool.query("select add_asset($1, 1)", [row]);
    this.#assets.set(key.id, made);
  }

  async #relabel({ which, scope }: { readonly which: number; readonly scope: Made["scope"] }): Promise<void> {
    const [id, made] = [...this.#assets].at(which % Math.max(1, this.#assets.size)) ?? [];
    if (id === undefined || made === undefined) return;
    await store.pool.query("update asset set scope = $2 where id = $1", [id, JSON.stringify(scope)]);
    this.#assets.set(id, { ...made, scope });
  }

  async #narrowTeam({ team, asked }: { readonly team: 0 | 1; readonly asked: string | null }): Promise<void> {
    const rules = asked === null ? "" : `kubernetes.namespace.name contains ${quoted(asked)}`;
    await inTransaction(store.pool, (client) => setTeamScope(client, this.#teams[team] ?? 0, teamScopePath(rules)));
    this.#narrow[team] = asked;
  }

  async #add(wanted: readonly (readonly Filter[])[]): Promise<void> {
    const content = contentOf(`zone ${++this.#drawn}`, wanted);
    this.#zones.set(await inTransaction(store.pool, (client) => addZone(client, content, change)), wanted);
  }

  async #touch(next: Extract<Step, { which: number }>): Promise<void> {
    const id = [...this.#zones.keys()].at(next.which % Math.max(1, this.#zones.size));
    if (id === undefined) return;
    if (next.do === "remove") {
      this.#zones.delete(id);
      for (const given of this.#given) given.delete(id);
      await inTransaction(store.pool, (client) => removeZone(client, id));
    } else if (next.do === "change") {
      await inTransaction(store.pool, (client) =>
        changeZone(client, { id, content: contentOf(`zone ${id}*`, next.scopes) }, change),
      );
      this.#zones.set(id, next.scopes);
    } else if (next.do === "give") {
      this.#given[next.team].add(id);
      const values = [this.#teams[next.team], id];
      await store.pool.query("insert into team_zone values ($1, $2) on conflict do nothing", values);
    }
  }

  async check(): Promise<void> {
    for (const team of [0, 1] as const) {
      const { rows } = await store.pool.query<{ id: string }>(
        "select id::text from asset where audience = any ((select audiences_of($1))::integer[]) order by 1",
        [this.#teams[team]],
      );
      const seen = [...this.#assets].filter(([, made]) => this.#sees(team, made)).map(([id]) => id);
      expect(rows.map(({ id }) => id)).toEqual(seen.sort());
    }
  }

  #sees(team: 0 | 1, made: Made): boolean {
    if (made.team === team && made.kind === "pipeline") return true;
    if (made.team !== team && made.team !== null) return false;
    const narrow = this.#narrow[team];
    if (narrow !== null && !(made.scope["kubernetes.namespace.name"] ?? "").includes(narrow)) return false;
    return [...this.#given[team]].some((id) =>
      (this.#zones.get(id) ?? []).every((filters) => filters.some((one) => lies(one, made))),
    );
  }
}

function contentOf(name: string, wanted: readonly (readonly Filter[])[]) {
  const filters = wanted.map((some) =>
    some.map(({ type, asked }): NewZoneFilter => ({ resourceType: type, rules: asked === null ? "" : printed(asked) })),
  );
  const { scopes: kept, conditions } = readScopes(filters);
  return { name, description: "", scopes: kept, matches: jsonpathOf(conditions) };
}
