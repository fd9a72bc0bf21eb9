import { type VersionScheme, versionSchemes } from "@plimsoll/model";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { orderTables, unreadable } from "../testdata/order-tables.ts";
import {
  compareParsed,
  compareVersions,
  maxVersion,
  maxVersionLength,
  minVersion,
  parseVersion,
  schemeModules,
} from "./index.ts";
import type { ParsedVersion } from "./scheme.ts";

const sign = (order: number | null): string => (order === null ? "?" : order < 0 ? "<" : order > 0 ? ">" : "=");
const runs = 300;

it("has one module for every scheme of the model", () => {
  expect(schemeModules.map((module) => module.scheme).sort()).toEqual([...versionSchemes].sort());
});

describe.each(schemeModules)("scheme $scheme", (module) => {
  const { scheme } = module;
  const table = orderTables[scheme];
  const version = versionsOf(scheme, table);

  it.each(ordersOf(table))("%s %s %s", (left, order, right) => {
    expect(sign(compareVersions(scheme, left, right))).toBe(order);
    expect(sign(compareVersions(scheme, right, left))).toBe({ "<": ">", ">": "<", "=": "=" }[order]);
  });

  it.each(unreadable[scheme])("cannot read %j", (text) => {
    expect(parseVersion(scheme, text)).toBeNull();
  });

  it("equals itself and ignores surrounding blanks", () => {
    fc.assert(
      fc.property(version, (a) => {
        expect(compareParsed(a, a)).toBe(0);
        expect(compareVersions(scheme, a.text, ` ${a.text}\n`)).toBe(0);
      }),
      { numRuns: runs },
    );
  });

  it("orders any two versions the same from both sides", () => {
    fc.assert(
      fc.property(version, version, (a, b) => {
        expect(Math.sign(compareParsed(a, b)) + Math.sign(compareParsed(b, a))).toBe(0);
      }),
      { numRuns: runs },
    );
  });

  it("is transitive, equality included", () => {
    fc.assert(
      fc.property(fc.array(version, { minLength: 3, maxLength: 12 }), (pool) => {
        expect(intransitive(pool)).toBeNull();
      }),
      { numRuns: runs },
    );
  });

  it("is transitive over every three versions of its own table", () => {
    const pool = [...new Set(table.flat(2))].flatMap((text) => parseVersion(scheme, text) ?? []);
    expect(intransitive(pool)).toBeNull();
  });

  it("never throws, whatever the text", () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ unit: "binary" }), fc.string(), noise),
        fc.string({ unit: "binary" }),
        (a, b) => {
          const order = compareVersions(scheme, a, b);
          expect(order === null || Number.isFinite(order)).toBe(true);
        },
      ),
      { numRuns: runs },
    );
  });

  it("refuses a version of another scheme", () => {
    const [own, other] = [parseVersion(scheme, "1.0"), parseVersion(scheme === "deb" ? "rpm" : "deb", "1.0")];
    expect(() => own && other && compareParsed(own, other)).toThrow(TypeError);
  });

  it("reads texts up to the limit and none beyond it", () => {
    const longest = `1.${"1".repeat(maxVersionLength - 2)}`;
    expect(parseVersion(scheme, longest)).not.toBeNull();
    expect(parseVersion(scheme, `${longest}1`)).toBeNull();
  });

  it.each(hostile)("answers within 250 ms for %s", (_title, text) => {
    const started = performance.now();
    compareVersions(scheme, text, `${text.slice(0, -1)}2`);
    compareVersions(scheme, text.slice(0, maxVersionLength - 1), `${text.slice(0, maxVersionLength - 1)}2`);
    expect(performance.now() - started).toBeLessThan(250);
  });
});

it("keeps Maven's own contradiction: 1.0.alpha-1 < 1 < 1-x < 1.0.alpha-1", () => {
  const orders = [
    compareVersions("maven", "1.0.alpha-1", "1"),
    compareVersions("maven", "1", "1-x"),
    compareVersions("maven", "1-x", "1.0.alpha-1"),
  ];
  expect(orders.map(sign)).toEqual(["<", "<", "<"]);
});

describe("extremes", () => {
  it("finds the latest and the earliest version", () => {
    expect(maxVersion("deb", ["1.9", "1.10", "1:0.1"])).toBe("1:0.1");
    expect(minVersion("pep440", ["1.0", "1.0rc1", "1.0.post1"])).toBe("1.0rc1");
  });

  it("does not depend on the order of equal versions", () => {
    expect(maxVersion("semver", ["1.0", "1.0.0"])).toBe(maxVersion("semver", ["1.0.0", "1.0"]));
  });

  it("knows no extreme of nothing and of versions that cannot be read", () => {
    expect(maxVersion("semver", [])).toBeNull();
    expect(maxVersion("semver", ["1.0.0", "latest"])).toBeNull();
  });
});

const noise = fc.string({ unit: fc.constantFrom(..."0123.-_~^+:!*vabrc{}$ "), maxLength: 60 });

const hostile: readonly (readonly [string, string])[] = [
  ["a megabyte of digits", "1".repeat(2 ** 20)],
  ["a hundred thousand zeros", "0".repeat(100_000)],
  ["a megabyte of blanks", " ".repeat(2 ** 20)],
  ["a thousand dots", "1.".repeat(512)],
  ["a thousand dashes", "1-".repeat(512)],
  ["letters and digits in turn", "1a".repeat(512)],
  ["half a suffix", `1${"_p".repeat(511)}!`],
  ["words without an end", `1-${"a.".repeat(511)}`],
  ["tildes", `1${"~".repeat(1023)}`],
];

/** Versions near each other: pieces of the scheme's own table joined anew, as far as the scheme can read them. */
function versionsOf(
  scheme: VersionScheme,
  table: readonly (readonly (readonly string[])[])[],
): fc.Arbitrary<ParsedVersion> {
  const samples = table.flat(2);
  const pieces = [...new Set(samples.flatMap((text) => text.match(/\d+|[A-Za-z]+|[^0-9A-Za-z]/g) ?? []))];
  const joined = fc.array(fc.constantFrom(...pieces, "0", "1", "10", ".", "-"), { minLength: 1, maxLength: 7 });
  return fc
    .oneof(
      fc.constantFrom(...samples),
      joined.map((parts) => parts.join("")),
      joined.map((parts) => `1.${parts.join("")}`),
      fc.tuple(fc.constantFrom(...samples), fc.constantFrom(...pieces)).map((parts) => parts.join("")),
    )
    .map((text) => parseVersion(scheme, text))
    .filter((version) => version !== null)
    .filter((version) => scheme !== "maven" || isConsistentMaven(version.key));
}

/**
 * ComparableVersion contradicts itself where a word is not the first part of its list (`1.0.alpha-1`) or a list is
 * (`1-0-alpha`); agreeing with it there matters more than a total order. See the test of the contradiction below.
 */
function isConsistentMaven(key: unknown): boolean {
  if (!Array.isArray(key)) return true;
  const [first, ...others] = key;
  return !Array.isArray(first) && others.every((item) => typeof item !== "string") && key.every(isConsistentMaven);
}

type Relation = readonly [left: string, order: "<" | "=", right: string];

/** Rows are ascending; the texts of one step are equal. Every neighbour and the two ends are compared. */
function ordersOf(table: readonly (readonly (readonly string[])[])[]): Relation[] {
  return table.flatMap((steps) => {
    const equal = steps.flatMap(([first = "", ...others]) => others.map((text): Relation => [first, "=", text]));
    const rising = steps.slice(1).map((step, at): Relation => [steps[at]?.at(-1) ?? "", "<", step[0] ?? ""]);
    const ends: Relation[] = steps.length > 2 ? [[steps[0]?.[0] ?? "", "<", steps.at(-1)?.[0] ?? ""]] : [];
    return [...equal, ...rising, ...ends];
  });
}

/** The first three versions that contradict each other. */
function intransitive(pool: readonly ParsedVersion[]): string | null {
  const orders = pool.map((a) => pool.map((b) => Math.sign(compareParsed(a, b))));
  const at = (i: number, j: number): number => orders[i]?.[j] ?? Number.NaN;
  const indices = pool.map((_, index) => index);
  for (const i of indices) {
    for (const j of indices.filter((index) => at(i, index) <= 0)) {
      const wrong = indices.find((k) => at(j, k) <= 0 && at(i, k) !== Math.min(at(i, j), at(j, k)));
      if (wrong !== undefined) return [i, j, wrong].map((n) => pool[n]?.text).join(" | ");
    }
  }
  return null;
}

it.each(schemeModules)("$scheme takes no time over digits and separators without an end", ({ parse }) => {
  const before = process.cpuUsage();
  for (const again of ["9", "9.", ".9", "-9", "a9", "1-", "_1", "~1", "9a", "0"]) {
    for (const start of ["", "1.0-alpha-", "1.0alpha", "1.0_p", "1!1.", "v1.0.0-", "1.0+"]) {
      parse(`${start}${again.repeat(400)}-SNAPSHOT!`);
      parse(`${start}${again.repeat(400)}`);
    }
  }
  expect(process.cpuUsage(before).user / 1000).toBeLessThan(2_000);
});
