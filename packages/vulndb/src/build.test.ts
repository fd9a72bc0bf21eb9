import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { Advisory, FeedRecord } from "@plimsoll/model";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { buildFromRecords, buildVulndb } from "./build.ts";
import { openVulndb } from "./open-vulndb.ts";
import type { ReadItem } from "./read-item.ts";
import { dbStatus } from "./status.ts";

const now = Date.parse("2025-03-01T00:00:00Z");
let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "vulndb-test-"));
});
afterEach(() => rmSync(folder, { recursive: true }));
const at = (name: string) => join(folder, name);

const lodash: Advisory = {
  kind: "advisory",
  id: "GHSA-35jh-r3h4-6jhm",
  feed: "ghsa",
  provider: "github",
  vulnerabilities: ["CVE-2021-23337"],
  aliases: ["GHSA-35jh-r3h4-6jhm"],
  published: "2021-05-06T16:05:51Z",
  modified: "2024-04-19T23:06:59Z",
  severity: "high",
  cvss: [{ version: "3.1", score: 7.2, vector: "CVSS:3.1/AV:N/AC:L/PR:H/UI:N/S:U/C:H/I:H/A:H" }],
  title: "Command injection in lodash",
  affected: [
    {
      ecosystem: "npm",
      name: "lodash",
      nameKind: "source",
      scheme: "semver",
      ranges: [{ introduced: "0", fixed: "4.17.21" }, { introduced: "5.0.0", lastAffected: "5.1.0" }, {}],
      versions: ["9.9.9"],
      fixState: "fixed",
    },
  ],
};
const erratum: Advisory = {
  kind: "advisory",
  id: "ALSA-2022:0290",
  feed: "almalinux-osv",
  provider: "almalinux",
  vulnerabilities: ["CVE-2021-1", "CVE-2021-2"],
  aliases: [],
  fixDate: "2022-01-26",
  withdrawn: "2023-01-01",
  affected: [
    {
      ecosystem: "almalinux:8",
      name: "parfait",
      nameKind: "binary",
      scheme: "rpm",
      ranges: [{ fixed: "0.5.4-4" }],
      fixState: "fixed",
      severity: "high",
      arch: "x86_64",
      module: "parfait:0.5",
    },
  ],
};
const enrichment: FeedRecord[] = [
  {
    kind: "rating",
    feed: "nvd",
    provider: "nvd",
    vulnerability: "CVE-2021-23337",
    severity: "high",
    cvss: [{ version: "2.0", score: 6.5, vector: "AV:N/AC:L/Au:S/C:P/I:P/A:P", exploitabilityScore: 8 }],
    published: "2021-02-15",
    title: "prose",
    rejected: true,
  },
  { kind: "epss", feed: "epss", vulnerability: "CVE-2021-23337", score: 0.00943, percentile: 0.82, date: "2025-02-28" },
  { kind: "epss", feed: "epss", vulnerability: "CVE-1999-1", score: 0.97, percentile: 1, date: "2025-02-28" },
  { kind: "kev", feed: "kev", vulnerability: "CVE-2021-1", added: "2022-01-01", due: "2022-01-15", ransomware: true },
  {
    kind: "exploit",
    feed: "poc",
    vulnerability: "CVE-2021-23337",
    count: 3,
    published: "2021-06-01",
    links: ["https://example.com/x"],
  },
];
const records: FeedRecord[] = [lodash, erratum, ...enrichment];

describe("a database built from records", () => {
  it("gives the same facts back", async () => {
    await buildFromRecords(records, { out: at("db"), now });
    using db = openVulndb(at("db"));
    const { kind: _, affected, aliases: __, ...facts } = lodash;
    expect(db.affected("npm", "lodash")).toEqual([{ advisory: facts, affected: affected[0] }]);
    const { kind: ___, affected: rows, aliases: ____, ...alma } = erratum;
    expect(db.affected("almalinux:8", "parfait")).toEqual([{ advisory: alma, affected: rows[0] }]);
    expect(db.affected("npm", "parfait")).toEqual([]);
    expect(db.affected("almalinux:9", "parfait")).toEqual([]);
    const group = db.group("GHSA-35jh-r3h4-6jhm");
    expect(group).toEqual({ name: "CVE-2021-23337", aliases: ["GHSA-35jh-r3h4-6jhm"] });
    expect(db.group("CVE-2021-23337")).toEqual(group);
    expect(db.group("CVE-2021-1")).toEqual({ name: "CVE-2021-1", aliases: [] });
    expect(db.group("never heard")).toEqual({ name: "never heard", aliases: [] });
    const [rating, epss, , , exploit] = enrichment;
    expect(db.facts(group)).toEqual({ ratings: [rating], epss, kev: null, exploits: [exploit] });
    expect(db.facts(db.group("CVE-2021-1")).kev).toEqual(enrichment[3]);
    expect(db.coverage("npm")).toEqual([{ id: "ghsa", title: expect.any(String), date: "2024-04-19", records: 1 }]);
    expect(db.coverage("maven")).toEqual([]);
  });

  it("leaves prose, links and flaws of no consequence out of a facts-only database", async () => {
    await buildFromRecords(records, { out: at("db"), now, factsOnly: true, starter: true });
    using db = openVulndb(at("db"));
    expect(db.status.starter).toBe(true);
    expect(db.affected("npm", "lodash")[0]?.advisory).not.toHaveProperty("title");
    const facts = db.facts(db.group("CVE-2021-23337"));
    expect(facts.ratings[0]).not.toHaveProperty("title");
    expect(facts.exploits[0]).toMatchObject({ count: 3 });
    expect(facts.exploits[0]).not.toHaveProperty("links");
    expect(facts.epss).not.toBeNull();
    expect(db.facts(db.group("CVE-1999-1")).epss).toBeNull();
    expect(readFileSync(at("db")).includes("prose")).toBe(false);
  });

  it("is the same bytes for the same records in another order", async () => {
    await buildFromRecords(records, { out: at("a"), now });
    await buildFromRecords(records.toReversed(), { out: at("b"), now });
    expect(readFileSync(at("a")).equals(readFileSync(at("b")))).toBe(true);
  });

  it("takes the newest document of an advisory, and adds up undated ones", async () => {
    const old = { ...lodash, modified: "2020-01-01T00:00:00Z", severity: "low" as const };
    const part = (name: string): Advisory => ({
      ...erratum,
      id: "CVE-2021-1",
      vulnerabilities: ["CVE-2021-1"],
      affected: erratum.affected.map((row) => ({ ...row, name })),
    });
    await buildFromRecords([lodash, old, part("a"), part("b"), part("b")], { out: at("db"), now });
    using db = openVulndb(at("db"));
    expect(db.affected("npm", "lodash").map(({ advisory }) => advisory.severity)).toEqual(["high"]);
    expect(["a", "b"].map((name) => db.affected("almalinux:8", name).length)).toEqual([1, 1]);
  });

  it("dates feeds by their newest date that is not in the future, by their own word, or by the flaws they name", async () => {
    const feed = (id: string, extra: Partial<Advisory>): Advisory => ({
      ...lodash,
      id,
      feed: id,
      aliases: [],
      ...extra,
    });
    const { published: _, modified: __, ...undated } = lodash;
    const items: ReadItem[] = [
      lodash,
      feed("future", { modified: "2031-01-01T00:00:00Z" }),
      { ...undated, id: "secdb", feed: "secdb", aliases: [] },
      { ...undated, id: "oval", feed: "oval", aliases: [] },
      { kind: "dated", feed: "oval", date: "2023-07-14T00:00:00Z" },
      enrichment[0] as FeedRecord,
    ];
    await buildVulndb(asyncOf(items), { out: at("db"), now });
    const dates = Object.fromEntries(dbStatus(at("db")).feeds.map(({ id, date }) => [id, date]));
    expect(dates).toEqual({
      future: "2021-05-06",
      ghsa: "2024-04-19",
      nvd: "2021-02-15",
      oval: "2023-07-14",
      secdb: "2021-02-15",
    });
  });

  it("counts everything for db status, and keeps problems", async () => {
    const problem = { level: "warning", code: "x", message: "y" } as const;
    const report = await buildVulndb(asyncOf([...records, problem]), { out: at("db"), now });
    expect(report.problems).toEqual([problem]);
    expect(dbStatus(at("db"))).toMatchObject({
      schema: 1,
      revision: "20250301000000",
      builtAt: "2025-03-01T00:00:00.000Z",
      starter: false,
      counts: { advisories: 2, affected: 2, packages: 2, ids: 6, ratings: 1, epss: 2, kev: 1, exploits: 1 },
      ecosystems: [
        { ecosystem: "almalinux:8", feeds: [{ id: "almalinux-osv", records: 1 }] },
        { ecosystem: "npm", feeds: [{ id: "ghsa", records: 1 }] },
      ],
    });
  });

  it("gives every next build a greater revision, even within one second", async () => {
    await buildFromRecords(records, { out: at("db"), now });
    await buildFromRecords(records, { out: at("db"), now });
    expect(dbStatus(at("db")).revision).toBe("20250301000001");
    writeFileSync(at("db"), "junk");
    await buildFromRecords(records, { out: at("db"), now });
    expect(dbStatus(at("db")).revision).toBe("20250301000000");
  });
});

describe("a build that fails", () => {
  async function* broken(): AsyncGenerator<ReadItem> {
    yield lodash;
    throw new Error("the feed broke");
  }

  it("leaves the old file and nothing else", async () => {
    writeFileSync(at("db"), "old");
    await expect(buildVulndb(broken(), { out: at("db"), now })).rejects.toThrow("the feed broke");
    expect(readdirSync(folder)).toEqual(["db"]);
    expect(readFileSync(at("db"), "utf8")).toBe("old");
  });

  it("stops when asked to", async () => {
    const signal = AbortSignal.abort(new Error("stopped"));
    await expect(buildFromRecords(records, { out: at("db"), now, signal })).rejects.toThrow("stopped");
    expect(readdirSync(folder)).toEqual([]);
  });

  it("stops while it writes, too, and leaves nothing", async () => {
    const stop = new AbortController();
    const many = Array.from(
      { length: 5000 },
      (_, index): Advisory => ({ ...lodash, id: `GHSA-${index}`, aliases: [] }),
    );
    const built = buildFromRecords(many, { out: at("db"), now, signal: stop.signal });
    // By then the records are staged, and rows are being written.
    const poll = setInterval(() => readdirSync(folder).length > 0 && stop.abort(new Error("stopped")), 0);
    await expect(built).rejects.toThrow("stopped");
    clearInterval(poll);
    expect(readdirSync(folder)).toEqual([]);
  });

  it("says why it cannot write", async () => {
    await expect(buildFromRecords(records, { out: at("no/folder/db"), now })).rejects.toMatchObject({
      code: "BUILD_FAILED",
    });
  });
});

describe("a database file that cannot be used", () => {
  const good = () => buildFromRecords(records, { out: at("db"), now });
  const stamp = (offset: number, value: number) => {
    const bytes = readFileSync(at("db"));
    bytes.writeUInt32BE(value, offset);
    writeFileSync(at("db"), bytes);
  };

  it.each<[string, readonly [string, RegExp], () => void]>([
    ["is not there", ["DB_MISSING", /db update/], () => rmSync(at("db"))],
    ["is no database", ["DB_CORRUPT", /db update/], () => writeFileSync(at("db"), "x".repeat(5000))],
    ["is empty", ["DB_CORRUPT", /db update/], () => writeFileSync(at("db"), "")],
    ["is cut", ["DB_CORRUPT", /db update/], () => truncateSync(at("db"), 8192)],
    ["is cut within a page", ["DB_CORRUPT", /db update/], () => truncateSync(at("db"), 9000)],
    ["has a newer schema", ["DB_NEWER", /update plimsoll/], () => stamp(60, 2)],
    ["has an older schema", ["DB_OLDER", /rebuild/], () => stamp(60, 0)],
    ["belongs to another program", ["DB_CORRUPT", /db update/], () => stamp(68, 7)],
    ["is a folder", ["DB_UNREADABLE", /permission/], () => [rmSync(at("db")), readdirSync(folder)]],
  ])("%s", async (name, [code, next], harm) => {
    await good();
    harm();
    const path = name === "is a folder" ? folder : at("db");
    expect(() => openVulndb(path)).toThrow(
      expect.objectContaining({ code, next: expect.stringMatching(next), exit: 3 }),
    );
    expect(() => dbStatus(path)).toThrow(expect.objectContaining({ code }));
  });

  it("has damaged pages: DB_CORRUPT on opening or on asking, never an answer of nothing from garbage", async () => {
    await good();
    const bytes = readFileSync(at("db"));
    bytes.fill(0xa5, 4096);
    writeFileSync(at("db"), bytes);
    expect(() => {
      using db = openVulndb(at("db"));
      db.affected("npm", "lodash");
    }).toThrow(expect.objectContaining({ code: "DB_CORRUPT" }));
  });

  it("is damaged anywhere: an answer or DB_CORRUPT, never another error", async () => {
    await good();
    const bytes = readFileSync(at("db"));
    const hit = fc.tuple(fc.integer({ min: 100, max: bytes.length - 1 }), fc.integer({ min: 0, max: 255 }));
    fc.assert(
      fc.property(fc.array(hit, { minLength: 1, maxLength: 40 }), (hits) => {
        const damaged = Buffer.from(bytes);
        for (const [offset, value] of hits) damaged[offset] = value;
        writeFileSync(at("damaged"), damaged);
        expectAnswerOrCorrupt(at("damaged"));
      }),
      { numRuns: 300 },
    );
  });

  it("lacks its revision", async () => {
    await good();
    const db = new DatabaseSync(at("db"));
    db.exec("DELETE FROM meta");
    db.close();
    expect(() => openVulndb(at("db"))).toThrow(expect.objectContaining({ code: "DB_CORRUPT" }));
  });

  it("cannot be written through a reader", async () => {
    await good();
    const before = readFileSync(at("db"));
    using db = openVulndb(at("db"));
    expect(db.affected("npm", "'; DROP TABLE flaw; --")).toEqual([]);
    expect(readdirSync(folder)).toEqual(["db"]);
    expect(readFileSync(at("db")).equals(before)).toBe(true);
  });
});

function expectAnswerOrCorrupt(path: string): void {
  try {
    using db = openVulndb(path);
    db.affected("npm", "lodash");
    db.facts(db.group("CVE-2021-23337"));
    db.coverage("npm");
  } catch (thrown) {
    expect(thrown).toMatchObject({ code: "DB_CORRUPT" });
  }
}

async function* asyncOf(items: readonly ReadItem[]): AsyncGenerator<ReadItem> {
  yield* items;
}
