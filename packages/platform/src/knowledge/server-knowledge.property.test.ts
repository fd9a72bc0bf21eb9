import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { evaluate } from "@plimsoll/evaluate";
import type { Advisory, FeedRecord, Package, Sbom } from "@plimsoll/model";
import { buildVulndb, openVulndb } from "@plimsoll/vulndb";
import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { ingest } from "../store/ingest/ingest.ts";
import { rematch } from "../store/knowledge/rematch.ts";
import type { Store } from "../store/open-store.ts";
import { servers } from "../testing/test-store.ts";
import { serverKnowledge } from "./server-knowledge.ts";

let store: Store;
const folder = mkdtempSync(join(tmpdir(), "plimsoll-prints-"));
const now = Date.parse("2026-01-01T00:00:00Z");

beforeAll(async () => {
  store = await servers[0].open();
});
afterAll(async () => {
  await store[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

const flaws = ["CVE-2025-1", "CVE-2025-2", "CVE-2025-3"] as const;
const names = [
  ["npm", "left"],
  ["npm", "right"],
  ["golang", "stdlib"],
  ["golang", "toolchain"],
  ["debian:12", "openssl"],
  ["debian:12", "libssl3"],
  ["debian:12", "docker-ce"],
  ["debian:12", "docker-ce-cli"],
] as const;

const advisory = fc
  .record({
    place: fc.nat(4),
    named: fc.constantFrom(...names),
    flaw: fc.constantFrom(...flaws),
    alias: fc.boolean(),
    fixed: fc.constantFrom("1", "2", "3", null),
    severity: fc.constantFrom("critical", "low", undefined),
    withdrawn: fc.boolean(),
  })
  .map(({ place, named: [ecosystem, name], flaw, alias, fixed, severity, withdrawn }): Advisory => {
    const isDebian = ecosystem === "debian:12";
    return {
      kind: "advisory",
      id: `GHSA-${place}-${name}`,
      feed: isDebian ? "debian-tracker" : "ghsa",
      provider: isDebian ? "debian" : "github",
      vulnerabilities: [flaw],
      aliases: alias ? [`GHSA-${place}-${name}`] : [],
      ...(severity !== undefined && { severity }),
      ...(withdrawn && { withdrawn: "2025-02-01" }),
      affected: [
        {
          ecosystem,
          name,
          nameKind: isDebian && name === "libssl3" ? "binary" : "source",
          scheme: isDebian ? "deb" : "semver",
          ranges: [fixed === null ? {} : { fixed: isDebian ? fixed : `${fixed}.0.0` }],
          fixState: fixed === null ? "not-fixed" : "fixed",
        },
      ],
    };
  });
const enrichment = fc.oneof(
  fc.record({
    kind: fc.constant("rating"),
    feed: fc.constant("nvd"),
    provider: fc.constant("nvd"),
    vulnerability: fc.constantFrom(...flaws),
    severity: fc.constantFrom("high", "medium"),
    rejected: fc.boolean(),
  }),
  fc.record({
    kind: fc.constant("kev"),
    feed: fc.constant("kev"),
    vulnerability: fc.constantFrom(...flaws),
    added: fc.constant("2025-01-01"),
    due: fc.constant("2025-02-01"),
    ransomware: fc.boolean(),
  }),
  fc.record({
    kind: fc.constant("exploit"),
    feed: fc.constant("poc"),
    vulnerability: fc.constantFrom(...flaws),
    count: fc.nat(3),
  }),
);
/** Something of every ecosystem in most of them, or coverage comes and goes and everything is judged anew. */
const always: Advisory[] = names
  .filter(([, name]) => ["left", "stdlib", "openssl"].includes(name))
  .map(([ecosystem]) => ({
    kind: "advisory",
    id: `BASE-${ecosystem}`,
    feed: "ghsa",
    provider: "github",
    vulnerabilities: ["CVE-2020-1"],
    aliases: [],
    affected: [{ ecosystem, name: "nobody", nameKind: "source", scheme: "generic", ranges: [{}], fixState: "unknown" }],
  }));
const knowledge = fc
  .record({
    covered: fc.integer({ min: 0, max: 9 }).map((n) => n > 0),
    advisories: fc.uniqueArray(advisory, { maxLength: 12, selector: ({ id }) => id }),
    said: fc.uniqueArray(enrichment, {
      maxLength: 4,
      selector: ({ kind, vulnerability }) => `${kind} ${vulnerability}`,
    }),
  })
  .map(({ covered, advisories, said }): FeedRecord[] => [...(covered ? always : []), ...advisories, ...said]);

const plain = { kind: "installed", locations: [], introducedIn: null, foundBy: "test" } as const;
const docker = "pkg:deb/debian/docker-ce-cli@1";
const packages: Package[] = [
  ...["left", "right"].flatMap((name) =>
    ["1.0.0", "2.0.0"].map(
      (version): Package => ({
        ...plain,
        ecosystem: "npm",
        name,
        version,
        id: name + version,
        purl: `pkg:npm/${name}@${version}`,
      }),
    ),
  ),
  {
    ...plain,
    ecosystem: "golang",
    name: "Go",
    version: "go1.21.3",
    role: "toolchain",
    id: "go",
    purl: "pkg:golang/go",
  },
  {
    ...plain,
    ecosystem: "deb",
    name: "libssl3",
    version: "1",
    source: { name: "openssl", version: "2" },
    id: "ssl",
    purl: "pkg:deb/debian/libssl3@1",
  },
  {
    ...plain,
    ecosystem: "deb",
    name: "docker-ce-cli",
    version: "1",
    source: { name: "docker-ce", version: "1" },
    vendor: "Docker <support@docker.com>",
    id: "docker",
    purl: docker,
  },
  // Judged by npm only as long as no advisory of the distro names its owner.
  {
    ...plain,
    ecosystem: "npm",
    name: "left",
    version: "1.0.0",
    id: "owned",
    purl: "pkg:npm/left@1.0.0",
    ownedBy: docker,
  },
];
const sbom: Sbom = {
  schemaVersion: 1,
  source: { kind: "directory", transport: "dir", name: "all" },
  image: null,
  distro: { id: "debian", idLike: [], versionId: "12" },
  packages,
  problems: [],
  catalogers: [],
};

it("judging anew only what has another print leaves nothing that judging everything would change", async () => {
  let built = 0;
  let changes = 0;
  let path = "";
  const learn = async (records: readonly FeedRecord[]): Promise<void> => {
    path = join(folder, `${built}.sqlite`);
    async function* all() {
      yield* records;
    }
    await buildVulndb(all(), { out: path, now: now + ++built * 1000 });
  };
  await learn(always);
  using server = await serverKnowledge(
    store.pool,
    () => openVulndb(path),
    () => now,
  );
  const { base, seq } = server.current();
  const report = evaluate(sbom, base, { now, stage: "registry", policies: [] });
  const asset = { kind: "registry", name: "all", scope: {}, team: null } as const;
  expect((await ingest(store.pool, { report, asset, seq, actor: "test" })).outcome).toBe("stored");
  await fc.assert(
    fc.asyncProperty(knowledge, async (records) => {
      await learn(records);
      await server.reload();
      const mine = server.current();
      changes += await changedIn(mine.seq);
      const kept = await store.pool.query("select * from knowledge_print");
      const again = {
        revision: mine.base.status.revision,
        builtAt: mine.base.status.builtAt,
        changed: null,
        findingsOf: (some: Sbom) => evaluate(some, mine.base, { now, stage: "registry", policies: [] }).findings,
      };
      const { seq: next, judged } = await rematch(store.pool, again, now);
      expect(judged).toBe(packages.length);
      expect(await changedIn(next)).toBe(0);
      // That one told nothing of prints, so the store forgot them: as they were.
      await store.pool.query(
        "insert into knowledge_print select * from jsonb_populate_recordset(null::knowledge_print, $1)",
        [JSON.stringify(kept.rows.map((row) => ({ ...row, print: `\\x${row.print.toString("hex")}` })))],
      );
    }),
    { numRuns: Number(process.env.PLIMSOLL_PROPERTY_RUNS ?? 40) },
  );
  expect(changes).toBeGreaterThan(20);
}, 120_000);

async function changedIn(seq: number): Promise<number> {
  const { rows } = await store.pool.query<{ n: number }>("select count(*) as n from match_change where seq = $1", [
    seq,
  ]);
  return rows[0]?.n ?? 0;
}
