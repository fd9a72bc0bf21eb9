import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { csvRows } from "./csv.ts";
import { readCvss, severityOfCvss } from "./cvss-field.ts";
import { cveIdOf, cweOf, dateField, proseField } from "./field.ts";
import { jsonRecords } from "./json-records.ts";
import { linesOf } from "./lines.ts";
import { memoryFile } from "./memory-file.ts";
import { Fault } from "./read-each.ts";
import type { RecordPlace } from "./record-slicer.ts";
import { yamlDocument } from "./yaml-document.ts";

const collect = async <T>(items: AsyncIterable<T>): Promise<T[]> => {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
};
const records = (text: string, place: RecordPlace = {}, chunkBytes = 64) =>
  collect(jsonRecords(memoryFile("x", text, chunkBytes).stream(), place));
const reasons = (items: readonly unknown[]) => items.map((item) => (item instanceof Fault ? item.reason : item));

describe("records of a large JSON document", () => {
  const place = { array: "list" };

  it("are what JSON.parse would give, whatever the chunks", async () => {
    const document = fc.record({
      before: fc.jsonValue(),
      list: fc.array(fc.dictionary(fc.string(), fc.jsonValue())),
      after: fc.jsonValue(),
    });
    await fc.assert(
      fc.asyncProperty(document, fc.integer({ min: 1, max: 50 }), fc.nat(2), async (value, chunkBytes, indent) => {
        const text = JSON.stringify(value, null, indent);
        expect(await records(text, place, chunkBytes)).toEqual(JSON.parse(text).list);
      }),
      { numRuns: 300 },
    );
  });

  it("may be the root's own members", async () => {
    expect(await records('{"a":{"b":{}},"c":7,"d":{"}":"{"}}')).toEqual([{ b: {} }, { "}": "{" }]);
  });

  it("leave the root's texts to who wants them", async () => {
    const seen: string[] = [];
    await records('{"at":"2026\\u0020","n":7,"list":[{"at":"inner"}],"long":"x"}', {
      ...place,
      onMember: (...pair) => seen.push(pair.join("=")),
    });
    expect(seen).toEqual(["at=2026\\u0020", "long=x"]);
  });

  it.each([
    ['{"list":[{"a":1},{"b":', [{ a: 1 }, "the document ends early"]],
    ['{"other":[{"a":1}]}', ['there is no list "list"']],
    ['{"list":{"a":{}}}', ['there is no list "list"']],
    ["", ["the document ends early"]],
    ["<html></html>", ["the document ends early"]],
    ['{"list":[{"a":1},7,"{",{"b":2}]}', [{ a: 1 }, { b: 2 }]],
    [`{"list":[{"a":"${"x".repeat(200)}"},{"b":2}]}`, ["a record of 208 bytes is too long", { b: 2 }]],
    [`{"list":[${"[".repeat(500)}`, ["nested deeper than 200"]],
  ])("%s", async (text, expected) => {
    expect(reasons(await records(text, { ...place, recordBytes: 100 }))).toEqual(expected);
  });

  it("that are not JSON are told, and the rest goes on", async () => {
    const [first, second] = await records('{"list":[{"a":tru},{"b":2}]}', place);
    expect(first).toBeInstanceOf(Fault);
    expect(second).toEqual({ b: 2 });
  });
});

describe("tables", () => {
  it.each([
    [
      "a,b\n1,2\n",
      [
        ["a", "b"],
        ["1", "2"],
      ],
    ],
    [
      '"a ""b"", c",d\r\n"two\nlines",',
      [
        ['a "b", c', "d"],
        ["two\nlines", ""],
      ],
    ],
    ["a,,c", [["a", "", "c"]]],
    ['"never closed,\nx', [["never closed,\nx"]]],
    ['"a"b,c', [["ab", "c"]]],
    ["", []],
    ["\n", [[""]]],
  ])("CSV %j", (text, rows) => {
    expect([...csvRows(text)]).toEqual(rows);
  });

  it("CSV rows written by RFC 4180 read back", () => {
    const rows = fc.array(
      fc.array(fc.string({ unit: fc.constantFrom("a", ",", '"', "\n", "\r", " ") }), { minLength: 1, maxLength: 4 }),
      { minLength: 1 },
    );
    fc.assert(
      fc.property(rows, (table) => {
        const text = table.map((row) => row.map((field) => `"${field.replaceAll('"', '""')}"`).join(",")).join("\r\n");
        expect([...csvRows(text)]).toEqual(table);
      }),
    );
  });

  it("a line that comes byte by byte is put together once", async () => {
    const text = `${"x".repeat(500_000)}\ny`;
    const before = process.cpuUsage();
    const [first, second] = await collect(linesOf(memoryFile("x", text, 1).stream()));
    expect([String(first).length, second]).toEqual([500_000, "y"]);
    expect(process.cpuUsage(before).user / 1000).toBeLessThan(5000);
  });

  it("lines come whole over chunk ends, inside a character too", async () => {
    const text = "\ufeffä\r\nb\n\nlast €";
    for (const chunkBytes of [1, 2, 3, 100]) {
      expect(await collect(linesOf(memoryFile("x", text, chunkBytes).stream()))).toEqual(["ä", "b", "", "last €"]);
    }
  });
});

describe("fields", () => {
  it.each([
    ["2025-02-25T00:15Z", "2025-02-25T00:15:00Z"],
    ["2021-12-10T10:15:09.143", "2021-12-10T10:15:09Z"],
    ["2024-04-17T15:24:47.103867Z", "2024-04-17T15:24:47Z"],
    ["2026-08-16T02:00:00+0200", "2026-08-16T00:00:00Z"],
    ["2024-02-29", "2024-02-29"],
    ["2023-02-31T00:00:00Z", undefined],
    ["0001-01-01T00:00:00Z", undefined],
    ["9999-01-01", undefined],
    ["yesterday", undefined],
    [1_700_000_000, undefined],
    [`2024-01-01T00:00:00.${"0".repeat(100)}Z`, undefined],
  ])("date %j is %j", (value, expected) => {
    expect(dateField(value)).toBe(expected);
  });

  it("ids, weaknesses and prose", () => {
    expect(["CVE-2024-0001", "CVE-2024-001", "cve-2024-0001", "CVE-2024-0001 ", null].map(cveIdOf)).toEqual([
      "CVE-2024-0001",
      null,
      null,
      null,
      null,
    ]);
    expect(["CWE-79", "CWE-79 Cross-site", "NVD-CWE-noinfo", "CWE-12345678", 79].map(cweOf)).toEqual([
      "CWE-79",
      "CWE-79",
      null,
      null,
      null,
    ]);
    expect(proseField(" a\n b\u0000 ")).toBe("a b\u0000");
    expect(proseField("x".repeat(5_000))).toHaveLength(4_000);
    expect(proseField(" \n")).toBeUndefined();
  });

  const cvss = (version: string, baseScore: unknown, vectorString: unknown) =>
    readCvss({ version, baseScore, vectorString });

  it.each([
    ["3.1", 9.8, "CVSS:3.1/AV:N", { version: "3.1", score: 9.8, vector: "CVSS:3.1/AV:N" }],
    ["2.0", "4.3", "(AV:N/AC:M)", { version: "2.0", score: 4.3, vector: "(AV:N/AC:M)" }],
    ["3.1", 10.1, "CVSS:3.1/AV:N", null],
    ["3.1", -1, "CVSS:3.1/AV:N", null],
    ["3.1", 5, "CVSS:3.0/AV:N", null],
    ["3.1", 5, "CVSS:3.1/AV:N\u0000", null],
    ["3.1", 5, `CVSS:3.1/${"AV:N/".repeat(100)}`, null],
    ["5.0", 5, "CVSS:5.0/AV:N", null],
    ["3.1", null, "CVSS:3.1/AV:N", null],
  ])("CVSS %s %j %j", (...args) => {
    const [version, score, vector, expected] = args;
    expect(cvss(version, score, vector)).toEqual(expected);
  });

  it("severity goes by v3 before v4 before v2, and v2 knows nothing worse than high", () => {
    const [v2, v3, v4] = [cvss("2.0", 10, "AV:N"), cvss("3.0", 3, "CVSS:3.0/AV:N"), cvss("4.0", 9.5, "CVSS:4.0/AV:N")];
    const severity = (...ratings: readonly (typeof v2)[]) =>
      severityOfCvss(ratings.filter((rating) => rating !== null));
    expect([severity(v2, v4, v3), severity(v2, v4), severity(v2), severity()]).toEqual([
      "low",
      "critical",
      "high",
      undefined,
    ]);
  });
});

describe("a YAML document", () => {
  const lines = (count: number, line: (at: number) => string) =>
    Array.from({ length: count }, (_, at) => line(at)).join("");

  it.each<[string, string]>([
    ...["{", "[", "? ", "- ", "[{", "a: ", ": "].map((again): [string, string] => [again, again.repeat(60_000)]),
    ["keys without a value, below and below", `a:\n${"  time:     :\n".repeat(6000)}`],
    ["indentation", lines(700, (at) => `${" ".repeat(at)}a:\n`)],
    ["a map of 30,000 keys", `{${lines(30_000, (at) => `k${at},`)}}`],
  ])("of %s without measure is refused at once, however large the stack is", async (_, text) => {
    const before = process.cpuUsage();
    expect(await yamlDocument(text)).toBeInstanceOf(Fault);
    expect(process.cpuUsage(before).user / 1000).toBeLessThan(1_000);
  });

  it.each<[string, string, string]>([
    ["says a key twice", "a: 1\na: 2\n", "not YAML: Map keys must be unique at line 2, column 1"],
    ["is two", "a: 1\n---\nb: 2\n", "not YAML: several documents in one"],
    ["means something by an alias", "- &a x\n- *a\n", "not YAML: Alias resolution is disabled"],
    [
      "ends too early",
      "a: [1\nb: }",
      "not YAML: Flow sequence in block collection must be sufficiently indented and end with a ] at line 2, column 1",
    ],
  ])("that %s is a fault that says so", async (_, text, reason) => {
    expect(await yamlDocument(text)).toEqual(new Fault(reason));
  });

  it("is plain values, every scalar a text; an empty one nothing", async () => {
    expect(await yamlDocument("a: 1\nb: [x, ~]\nc:\n  - d: 2024-01-01\n")).toEqual({
      a: "1",
      b: ["x", "~"],
      c: [{ d: "2024-01-01" }],
    });
    expect(await yamlDocument("")).toBeNull();
  });
});
