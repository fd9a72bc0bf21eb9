import type { AffectedRange, VersionScheme } from "@plimsoll/model";
import { describe, expect, it } from "vitest";
import { formatRange, isAffected, parseVersion } from "./index.ts";

const holds = (scheme: VersionScheme, version: string, range: AffectedRange): boolean =>
  isAffected(scheme, version, { ranges: [range] }).affected;

describe("isAffected", () => {
  it.each<[string, VersionScheme, AffectedRange, string, boolean]>([
    ["introduced is inclusive", "semver", { introduced: "1.0.0", fixed: "2.0.0" }, "1.0.0", true],
    ["fixed is exclusive", "semver", { introduced: "1.0.0", fixed: "2.0.0" }, "2.0.0", false],
    ["a pre-release of the fix is not the fix", "semver", { fixed: "2.0.0" }, "2.0.0-rc.1", true],
    ["lastAffected is inclusive", "semver", { lastAffected: "2.0.0" }, "2.0.0", true],
    ["nothing after lastAffected", "semver", { lastAffected: "2.0.0" }, "2.0.1", false],
    ["before introduced", "semver", { introduced: "1.0.0" }, "0.9.9", false],
    ["introducedAfter is exclusive", "gem", { introducedAfter: "1.0" }, "1.0.0", false],
    ["introducedAfter holds what follows", "gem", { introducedAfter: "1.0" }, "1.0.0.1", true],
    ['introduced "0" comes before everything', "deb", { introduced: "0", fixed: "1" }, "0~~", true],
    ["no ends: every version", "pep440", {}, "1.0", true],
    ["no ends hold even what cannot be read", "pep440", { introduced: "0" }, "unreadable", true],
    ["a fix without release clears all its releases", "rpm", { fixed: "1.2" }, "1.2-3.el9", false],
    ["a last version without release covers all its releases", "rpm", { lastAffected: "1.2" }, "1.2-3.el9", true],
    ["an epoch counts", "rpm", { fixed: "1:1.0-1" }, "2.0-1", true],
    ["Debian security update below the fix", "deb", { fixed: "2.36-9+deb12u4" }, "2.36-9+deb12u3", true],
    ["Go toolchain candidate", "go", { introduced: "1.21.0-0", fixed: "1.21.3" }, "go1.21rc2", true],
  ])("%s", (_title, ...[scheme, range, version, expected]) => {
    expect(holds(scheme, version, range)).toBe(expected);
  });

  it("says which of several ranges holds", () => {
    const ranges = [
      { introduced: "1.0.0", fixed: "1.5.0" },
      { introduced: "2.0.0", fixed: "2.2.0" },
    ];
    expect(isAffected("semver", "2.1.0", { ranges })).toEqual({ affected: true, range: ranges[1], unreadable: [] });
    expect(isAffected("semver", "1.7.0", { ranges })).toEqual({ affected: false, unreadable: [] });
  });

  it("takes a version read before", () => {
    const version = parseVersion("deb", "1.0-1");
    expect(version && isAffected("deb", version, { ranges: [{ fixed: "1.0-2" }] }).affected).toBe(true);
  });

  it("names the listed version that equals the asked one", () => {
    expect(isAffected("pep440", "1.0", { ranges: [], versions: ["0.9", "1.0.0"] })).toMatchObject({ listed: "1.0.0" });
    expect(isAffected("pep440", "1.1", { ranges: [], versions: ["0.9", "1.0.0", "not-a-version"] })).toEqual({
      affected: false,
      unreadable: [],
    });
  });

  it("finds a listed version that cannot be read by its text", () => {
    const answer = isAffected("pep440", "0.1dev-r1716", { ranges: [], versions: ["0.1dev-r1716"] });
    expect(answer).toEqual({ affected: true, listed: "0.1dev-r1716", unreadable: [] });
  });
});

describe("what cannot be read is never a silent no", () => {
  it.each<[string, string, AffectedRange, readonly string[]]>([
    ["the asked version", "latest", { fixed: "2.0.0" }, ["latest"]],
    ["an end", "1.0.0", { fixed: "soon" }, ["soon"]],
    ["both", "latest", { introduced: "x", fixed: "soon" }, ["latest", "x", "soon"]],
  ])("%s", (_title, ...[version, range, unreadable]) => {
    expect(isAffected("semver", version, { ranges: [range] })).toEqual({ affected: false, unreadable });
  });

  it("an end that cannot be read does not matter once the other end says no", () => {
    const ranges = [
      { introduced: "2.0.0", fixed: "soon" },
      { introduced: "never", fixed: "0.5.0" },
    ];
    expect(isAffected("semver", "1.0.0", { ranges })).toEqual({ affected: false, unreadable: [] });
  });

  it("another range may still hold", () => {
    const ranges = [{ fixed: "soon" }, { fixed: "2.0.0" }];
    expect(isAffected("semver", "1.0.0", { ranges })).toEqual({
      affected: true,
      range: ranges[1],
      unreadable: ["soon"],
    });
  });

  it("a version that cannot be read against a list of versions", () => {
    expect(isAffected("semver", "latest", { ranges: [], versions: ["1.0.0"] }).unreadable).toEqual(["latest"]);
  });
});

it.each<[AffectedRange, string]>([
  [{ introduced: "1.2", fixed: "1.5" }, ">= 1.2, < 1.5"],
  [{ introduced: "0", fixed: "1.5" }, "< 1.5"],
  [{ lastAffected: "2.0" }, "<= 2.0"],
  [{ introducedAfter: "1.0", lastAffected: "2.0" }, "> 1.0, <= 2.0"],
  [{ introduced: "1.0", lastAffected: "1.0" }, "= 1.0"],
  [{ introduced: "0" }, "all versions"],
  [{}, "all versions"],
])("formats %j as %s", (range, text) => {
  expect(formatRange(range)).toBe(text);
});
