import type { AffectedRange, VersionScheme } from "@plimsoll/model";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { complement, formatRange, isAffected, mergeRanges, parseConstraint, parseVersion } from "./index.ts";

const texts = (scheme: VersionScheme, constraint: string): string[] | null =>
  parseConstraint(scheme, constraint)?.map(formatRange) ?? null;

const within = (version: string, ranges: readonly AffectedRange[]): boolean =>
  isAffected("semver", version, { ranges }).affected;

const version = fc
  .tuple(fc.nat({ max: 3 }), fc.nat({ max: 3 }), fc.constantFrom("", "", "-rc.1"))
  .map(([minor, patch, label]) => `1.${minor}.${patch}${label}`);
const end = fc.option(version, { nil: undefined });
const range: fc.Arbitrary<AffectedRange> = fc
  .record({ introduced: end, introducedAfter: end, fixed: end, lastAffected: end })
  .map((ends) => Object.fromEntries(Object.entries(ends).filter(([, value]) => value !== undefined)));
const ranges = fc.array(range, { maxLength: 5 });

const complementOf = (list: readonly AffectedRange[]): AffectedRange[] => complement("semver", list) ?? [];

describe("range algebra", () => {
  it("a version is in a list of ranges or in its complement, never in both", () => {
    fc.assert(
      fc.property(ranges, version, (list, asked) => {
        expect(within(asked, list)).toBe(!within(asked, complementOf(list)));
      }),
      { numRuns: 2000 },
    );
  });

  it.each<[VersionScheme, string]>([
    ["deb", "0~rc1"],
    ["apk", "0_rc1"],
    ["semver", "0.0.0-rc.1"],
    ["go", "v0.0.0-rc.1"],
    ["pep440", "0rc1"],
    ["gem", "0.rc1"],
    ["maven", "0-rc1"],
    ["nuget", "0.0.0-rc1"],
    ["composer", "0-rc1"],
  ])("what begins at 0 itself leaves out what is before it: %s", (scheme, before) => {
    const only = complement(scheme, parseConstraint(scheme, "!= 0") ?? []) ?? [];
    const isIn = (asked: string): boolean => isAffected(scheme, asked, { ranges: only }).affected;
    expect([isIn("0"), isIn("1"), isIn(before)]).toEqual([true, false, false]);
  });

  it("the complement of the complement is the merged list", () => {
    fc.assert(
      fc.property(ranges, (list) => {
        expect(complementOf(complementOf(list))).toEqual(mergeRanges("semver", list));
      }),
      { numRuns: 2000 },
    );
  });

  it("merging changes no answer, and merging twice changes nothing", () => {
    fc.assert(
      fc.property(ranges, version, (list, asked) => {
        const merged = mergeRanges("semver", list) ?? [];
        expect(within(asked, merged)).toBe(within(asked, list));
        expect(mergeRanges("semver", merged)).toEqual(merged);
      }),
      { numRuns: 2000 },
    );
  });

  it("what is formatted reads back", () => {
    fc.assert(
      fc.property(ranges, (list) => {
        const merged = mergeRanges("semver", list) ?? [];
        const text = merged.map(formatRange).join(" || ").replace("all versions", "*");
        if (text !== "") expect(parseConstraint("semver", text)).toEqual(merged);
      }),
      { numRuns: 2000 },
    );
  });

  it("nothing patched means all versions affected, everything patched none", () => {
    expect(complement("gem", [])).toEqual([{}]);
    expect(complement("gem", [{}])).toEqual([]);
  });

  it("is unknown where a version cannot be read", () => {
    expect(complement("semver", [{ fixed: "soon" }])).toBeNull();
    expect(mergeRanges("semver", [{ introduced: "later" }])).toBeNull();
  });

  it("turns a gem's patched and unaffected versions into affected ranges", () => {
    const clean = ["~> 4.2.8", ">= 5.0.1", "<= 3.0"].flatMap((text) => parseConstraint("gem", text) ?? []);
    expect((complement("gem", clean) ?? []).map(formatRange)).toEqual(["> 3.0, < 4.2.8", ">= 4.3.A, < 5.0.1"]);
  });
});

describe("parseConstraint", () => {
  it.each<[VersionScheme, string, readonly string[]]>([
    ["semver", ">= 1.0, < 2.0", [">= 1.0, < 2.0"]],
    ["semver", ">=1.0 <2.0", [">= 1.0, < 2.0"]],
    ["semver", "= 1.0", ["= 1.0"]],
    ["semver", "1.0", ["= 1.0"]],
    ["semver", "<= 3", ["<= 3"]],
    ["semver", "<1.0 || >=2.0 <3 || = 5", ["< 1.0", ">= 2.0, < 3", "= 5"]],
    ["semver", ">= 1.0, != 1.5, < 2.0", [">= 1.0, < 1.5", "> 1.5, < 2.0"]],
    ["semver", "> 2, < 1", []],
    ["semver", "*", ["all versions"]],
    ["deb", ">= 1.0~rc1-1, < 2:0", [">= 1.0~rc1-1, < 2:0"]],
    ["gem", "~> 1.2.3", [">= 1.2.3, < 1.3.A"]],
    ["gem", "~> 1.2", [">= 1.2, < 2.A"]],
    ["gem", "~> 3", [">= 3, < 4.A"]],
    ["gem", "~> 3.2.0-rc1, >= 3.2.1", [">= 3.2.1, < 3.3.A"]],
    ["gem", "~> 5.0.0.beta1.1", [">= 5.0.0.beta1.1, < 5.1.A"]],
  ])("%s: %s", (scheme, text, expected) => {
    expect(texts(scheme, text)).toEqual(expected);
  });

  it.each<[VersionScheme, string]>([
    ["semver", ""],
    ["semver", ">="],
    ["semver", ", >= 1"],
    ["semver", ">= 1 ||"],
    ["semver", ">= x"],
    ["semver", "^1.0"],
    ["semver", "~> 1.0"],
    ["semver", `>= 1${" ".repeat(5000)}`],
  ])("%s cannot read %j", (scheme, text) => {
    expect(parseConstraint(scheme, text)).toBeNull();
  });

  it("~> leaves out the pre-releases of the next version", () => {
    const [only] = parseConstraint("gem", "~> 1.2.3") ?? [];
    expect(only).toBeDefined();
    const inside = (asked: string): boolean => isAffected("gem", asked, { ranges: only ? [only] : [] }).affected;
    expect(["1.2.3", "1.2.99", "1.3.0.beta1", "1.3.0.RC1", "1.3"].map(inside)).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
  });
});

describe("fuzz", () => {
  const text = fc.oneof(
    fc.string({ unit: "binary" }),
    fc
      .array(fc.constantFrom(">=", "<", "~>", "||", ",", " ", "1.0", "2", "x", "*", "!=", "=", "|", "-"), {
        maxLength: 40,
      })
      .map((parts) => parts.join("")),
  );

  it("reads or refuses any constraint, and what it reads has only versions of the scheme", () => {
    fc.assert(
      fc.property(text, fc.constantFrom<VersionScheme>("semver", "gem", "deb", "maven"), (constraint, scheme) => {
        const read = parseConstraint(scheme, constraint) ?? [];
        const versions = read.flatMap((one) => Object.values(one));
        expect(versions.every((one) => parseVersion(scheme, one) !== null)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ["blanks", `>= 1${" ".repeat(4000)}2`],
    [
      "comparators",
      Array.from({ length: 800 }, (_, at) => `!=${at}`)
        .join(",")
        .slice(0, 4090),
    ],
    [
      "alternatives",
      Array.from({ length: 600 }, (_, at) => `<${at}`)
        .join("||")
        .slice(0, 4090),
    ],
    ["operators", "<".repeat(4096)],
  ])("answers within 500 ms for 4,096 characters of %s", (_title, constraint) => {
    const started = performance.now();
    parseConstraint("semver", constraint);
    expect(performance.now() - started).toBeLessThan(500);
  });
});
