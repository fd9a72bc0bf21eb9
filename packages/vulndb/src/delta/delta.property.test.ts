import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync, type SQLInputValue } from "node:sqlite";
import * as fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { applyDelta } from "./apply-delta.ts";
import { makeDelta } from "./make-delta.ts";
import { Trees } from "./read-trees.ts";
import { contentsOf, writeTrees } from "./write-trees.ts";

const limitBytes = 2 ** 30;
let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "plimsoll-delta-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

type Row = readonly SQLInputValue[];
type Tables = Readonly<Record<string, readonly Row[]>>;

/** Every kind of tree, and of value, that SQLite has. */
const schema = `
  CREATE TABLE name(id INTEGER PRIMARY KEY, body TEXT, more);
  CREATE INDEX name_body ON name(body, more);
  CREATE TABLE pair(a INTEGER, b INTEGER, c INTEGER, PRIMARY KEY(a, b)) WITHOUT ROWID;
  CREATE TABLE wide(${Array.from({ length: 20 }, (_, column) => `c${column}`).join(", ")});
  CREATE VIEW seen AS SELECT body FROM name;
`;

const value = fc.oneof(
  fc.constant(null),
  fc.integer(),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc.double({ noNaN: true }),
  fc.string({ maxLength: 30 }),
  fc.integer({ min: 900, max: 12_000 }).map((length) => "long ".repeat(length / 5)),
  fc.uint8Array({ maxLength: 40 }),
);
const key = fc.integer({ min: 0, max: 3000 });
const unique = (rows: readonly Row[], keys: number) => [
  ...new Map(rows.map((row) => [JSON.stringify(row.slice(0, keys), bigText), row])).values(),
];
const tables: fc.Arbitrary<Tables> = fc.record({
  name: fc.array(fc.tuple(key, fc.string(), value), { maxLength: 300 }).map((rows) => unique(rows, 1)),
  pair: fc.array(fc.tuple(key, key, value), { maxLength: 300 }).map((rows) => unique(rows, 2)),
  wide: fc.array(fc.array(value, { minLength: 20, maxLength: 20 }), { maxLength: 10 }),
});

function bigText(_: string, item: unknown): unknown {
  return typeof item === "bigint" ? String(item) : item;
}

/** Makes the database, then brings it into the one layout; its path. */
async function laidOut(name: string, content: Tables): Promise<string> {
  const [raw, out] = [join(folder, `${name}.raw`), join(folder, name)];
  rmSync(raw, { force: true });
  rmSync(out, { force: true });
  const db = new DatabaseSync(raw);
  db.exec(`PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA page_size=4096; ${schema} BEGIN`);
  for (const [table, rows] of Object.entries(content)) {
    for (const row of rows) {
      db.prepare(`INSERT OR REPLACE INTO ${table} VALUES(${row.map(() => "?").join()})`).run(...row);
    }
  }
  db.exec("COMMIT");
  db.close();
  await relay(raw, out);
  return out;
}

async function relay(from: string, to: string): Promise<void> {
  using trees = new Trees(from, limitBytes);
  await writeTrees(to, { header: trees.header(), contents: contentsOf(trees), limitBytes });
}

/** What SQLite itself says about a file: whole, and these rows. */
function judgedBySqlite(path: string): unknown {
  using db = new DatabaseSync(path, { readOnly: true });
  const rows = ["name", "pair", "wide"].map((table) => {
    const statement = db.prepare(`SELECT * FROM ${table}`);
    statement.setReadBigInts(true);
    return statement.all();
  });
  return [db.prepare("PRAGMA integrity_check").all(), rows];
}

async function afterDelta(old: string, fresh: string): Promise<Buffer> {
  const out = join(folder, "after");
  rmSync(out, { force: true });
  await applyDelta(await makeDelta(old, fresh, limitBytes), { old, out, limitBytes });
  return readFileSync(out);
}

describe("a database in the one layout", () => {
  it("is whole and holds the same rows in SQLite's eyes, and laying it out again changes no byte", {
    timeout: 60_000,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(tables, async (content) => {
        const path = await laidOut("a", content);
        const raw = judgedBySqlite(join(folder, "a.raw"));
        expect(judgedBySqlite(path)).toEqual(raw);
        expect((raw as unknown[][])[0]).toEqual([{ integrity_check: "ok" }]);
        const again = join(folder, "again");
        rmSync(again, { force: true });
        await relay(path, again);
        expect(readFileSync(again).equals(readFileSync(path))).toBe(true);
      }),
      { numRuns: 40 },
    );
  });

  it("has inner pages over inner pages when it is large", async () => {
    const rows = Array.from({ length: 30_000 }, (_, index) => [index * 3, `name ${index} ${"x".repeat(40)}`, index]);
    const path = await laidOut("large", { name: rows, pair: rows.map(([a = 0, , c = 0]) => [a, c, null]), wide: [] });
    expect(judgedBySqlite(path)).toEqual(judgedBySqlite(join(folder, "large.raw")));
  });
});

describe("a delta", () => {
  it("from any database leads to the bytes of any other", { timeout: 60_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(tables, tables, async (a, b) => {
        const [old, fresh] = [await laidOut("a", a), await laidOut("b", b)];
        expect((await afterDelta(old, fresh)).equals(readFileSync(fresh))).toBe(true);
      }),
      { numRuns: 40 },
    );
  });

  it("is small where names were added and every number behind them moved", async () => {
    const names = Array.from({ length: 5000 }, (_, index) => `CVE-2024-${String(index * 7).padStart(5, "0")}`);
    const content = (list: readonly string[]): Tables => ({
      name: list.map((name, index) => [index + 1, name, null]),
      pair: list.map((name, index) => [index + 1, (Number(name.slice(-5)) * 31) % 9973, index + 7]),
      wide: [],
    });
    const more = [...names, "CVE-2024-00001", "CVE-2024-20002", "CVE-2024-20003"].sort();
    const old = await laidOut("a", content(names.filter((_, index) => index % 900 !== 5)));
    const fresh = await laidOut("b", content(more));
    expect((await afterDelta(old, fresh)).equals(readFileSync(fresh))).toBe(true);
    const delta = await makeDelta(old, fresh, limitBytes);
    const changed = delta.filter((byte) => byte !== 0).length;
    expect(changed).toBeLessThan(delta.length / 4);
  });
});

describe("a delta that is damaged", () => {
  const rows = Array.from({ length: 400 }, (_, index) => [index, `name ${index}`, index % 7]);
  const content = { name: rows, pair: [], wide: [] };

  it.each([
    ["is cut", (delta: Buffer) => delta.subarray(0, delta.length - 20)],
    ["goes on behind its end", (delta: Buffer) => Buffer.concat([delta, Buffer.from("more")])],
    ["is something else", () => Buffer.from("SQLite format 3")],
    ["is empty", () => Buffer.alloc(0)],
  ])("and %s is refused", async (_, harm) => {
    const [old, fresh] = [await laidOut("a", content), await laidOut("b", { ...content, name: rows.slice(3) })];
    const delta = harm(await makeDelta(old, fresh, limitBytes));
    await expect(applyDelta(delta, { old, out: join(folder, "out"), limitBytes })).rejects.toThrow(/./);
  });

  it("never does worse than a wrong file or a refusal, whichever byte is changed", { timeout: 60_000 }, async () => {
    const [old, fresh] = [await laidOut("a", content), await laidOut("b", { ...content, name: rows.slice(3) })];
    const delta = await makeDelta(old, fresh, limitBytes);
    await fc.assert(
      fc.asyncProperty(fc.nat(delta.length - 1), fc.integer({ min: 1, max: 255 }), async (at, by) => {
        const harmed = Buffer.from(delta);
        harmed[at] = ((harmed[at] ?? 0) + by) % 256;
        const out = join(folder, "out");
        rmSync(out, { force: true });
        try {
          await applyDelta(harmed, { old, out, limitBytes: 2 ** 22 });
        } catch (thrown) {
          expect((thrown as Error).name).toBe("LayoutFault");
        }
      }),
      { numRuns: 250 },
    );
  });

  it("starting from another database is a refusal or another file, never the right one", async () => {
    const [old, fresh] = [await laidOut("a", content), await laidOut("b", { ...content, name: rows.slice(3) })];
    const delta = await makeDelta(old, fresh, limitBytes);
    const other = await laidOut("c", { ...content, name: rows.slice(0, 390) });
    const out = join(folder, "out");
    try {
      await applyDelta(delta, { old: other, out, limitBytes });
      expect(readFileSync(out).equals(readFileSync(fresh))).toBe(false);
    } catch (thrown) {
      expect((thrown as Error).name).toBe("LayoutFault");
    }
  });
});
