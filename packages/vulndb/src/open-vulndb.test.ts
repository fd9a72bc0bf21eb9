import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { buildFromRecords } from "./build.ts";
import { openVulndb } from "./open-vulndb.ts";
import { dbStatus } from "./status.ts";
import { records } from "./testing/sample-records.ts";

const now = Date.parse("2025-03-01T00:00:00Z");
let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "vulndb-test-"));
});
afterEach(() => rmSync(folder, { recursive: true }));
const at = (name: string) => join(folder, name);

function change(sql: string): void {
  const db = new DatabaseSync(at("db"));
  db.exec(sql);
  db.close();
}

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

  it.each([
    [
      "a view without end",
      "DROP TABLE word; CREATE VIEW word AS WITH RECURSIVE n(id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n) SELECT id, 'x' AS body FROM n",
    ],
    ["a computed column", "ALTER TABLE word ADD COLUMN more GENERATED ALWAYS AS (zeroblob(1000000000)) VIRTUAL"],
    ["a trigger", "CREATE TRIGGER t AFTER INSERT ON word BEGIN SELECT 1; END"],
    ["a virtual table", "CREATE VIRTUAL TABLE v USING fts5(a)"],
  ])("holds %s: DB_CORRUPT before anything of it runs", async (_, sql) => {
    await good();
    change(sql);
    for (const open of [openVulndb, dbStatus]) {
      expect(() => open(at("db"))).toThrow(expect.objectContaining({ code: "DB_CORRUPT" }));
    }
  });

  it.each([
    ["a list that is none", `UPDATE list SET body = '{"a":1}'`],
    ["a list of what has no text", `UPDATE list SET body = '[{"toString":1}]'`],
    ["a range of numbers", "UPDATE list SET body = '[[1,2]]'"],
    ["ranges that lead nowhere", "UPDATE affected SET ranges = 99999"],
    ["versions that lead nowhere", "UPDATE affected SET versions = 99999"],
    ["a scheme that is no word", "UPDATE affected SET scheme = 99999"],
    ["a scheme that nobody knows", "UPDATE affected SET scheme = (SELECT id FROM word WHERE body = 'npm')"],
    ["no advisories", "DELETE FROM advisory"],
    ["advisories of no feed", "UPDATE advisory SET feed = 99999"],
    ["advisories of no vulnerability", "DELETE FROM advisory_flaw"],
    ["a vulnerability without a name", "UPDATE advisory_flaw SET flaw = flaw + 99999"],
    ["ratings that lead nowhere", "UPDATE rating SET cvss = 99999"],
    ["a score of 11", `UPDATE list SET body = '[{"version":"3.1","score":11,"vector":"AV:N"}]'`],
    ["an EPSS score that is none", "UPDATE epss SET score = 'high'"],
    ["a list of exploited ones by no feed", "UPDATE kev SET feed = 99999"],
    ["proofs of concept without a count", "UPDATE exploit SET count = x'00'"],
  ])("holds %s: DB_CORRUPT, not a package less", async (_, sql) => {
    await good();
    change(sql);
    using db = openVulndb(at("db"));
    const ask = () => [
      ...db.affected("npm", "lodash").map(({ advisory }) => advisory),
      ...["CVE-2021-23337", "CVE-2021-1"].map((id) => db.facts(db.group(id))),
    ];
    expect(ask).toThrow(expect.objectContaining({ code: "DB_CORRUPT" }));
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

  it.each([9e15, -9e15])("has a date that no calendar has: %d", async (date) => {
    await good();
    change(`UPDATE advisory SET published = ${date}`);
    using damaged = openVulndb(at("db"));
    const asked = () => damaged.affected("npm", "lodash").map(({ advisory }) => advisory);
    expect(asked).toThrow(expect.objectContaining({ code: "DB_CORRUPT" }));
  });

  it("lacks its revision", async () => {
    await good();
    change("DELETE FROM meta");
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
    for (const { advisory } of db.affected("npm", "lodash")) expect(advisory.id).not.toBe("");
    db.facts(db.group("CVE-2021-23337"));
    db.coverage("npm");
  } catch (thrown) {
    expect(thrown).toMatchObject({ code: "DB_CORRUPT" });
  }
}
