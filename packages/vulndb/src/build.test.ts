import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Advisory, FeedRecord } from "@plimsoll/model";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { buildFromRecords, buildVulndb } from "./build.ts";
import type { AffectedRecord } from "./knowledge-base.ts";
import { openVulndb } from "./open-vulndb.ts";
import type { ReadItem } from "./read-item.ts";
import { dbStatus } from "./status.ts";
import { enrichment, erratum, lodash, records } from "./testing/sample-records.ts";

const now = Date.parse("2025-03-01T00:00:00Z");
let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "vulndb-test-"));
});
afterEach(() => rmSync(folder, { recursive: true }));
const at = (name: string) => join(folder, name);

describe("a database built from records", () => {
  it("gives the same facts back", async () => {
    await buildFromRecords(records, { out: at("db"), now });
    using db = openVulndb(at("db"));
    const { kind: _, affected, aliases: __, ...facts } = lodash;
    expect(db.affected("npm", "lodash").map(plain)).toEqual([
      { advisory: facts, affected: affected[0], isWithdrawn: false },
    ]);
    const { kind: ___, affected: rows, aliases: ____, ...alma } = erratum;
    expect(db.affected("almalinux:8", "parfait").map(plain)).toEqual([
      { advisory: alma, affected: rows[0], isWithdrawn: true },
    ]);
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

  it("keeps the old database when the folder that was named holds no feed", async () => {
    await buildFromRecords(records, { out: at("db"), now });
    const before = readFileSync(at("db"));
    const empty = buildFromRecords([], { out: at("db"), now, from: "/wrong" });
    await expect(empty).rejects.toMatchObject({ code: "FEEDS_UNKNOWN", exit: 3, fields: { path: "/wrong" } });
    expect(readFileSync(at("db")).equals(before)).toBe(true);
    expect((await buildFromRecords(records, { out: at("db"), now, from: "/right" })).feeds.length).toBeGreaterThan(0);
  });

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

async function* asyncOf(items: readonly ReadItem[]): AsyncGenerator<ReadItem> {
  yield* items;
}

/** Also what is read only when it is asked for. */
function plain({ advisory, affected, isWithdrawn }: AffectedRecord) {
  return { advisory, affected, isWithdrawn };
}
