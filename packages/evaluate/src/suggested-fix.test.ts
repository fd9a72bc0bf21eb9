import { describe, expect, it } from "vitest";
import { referenceReports, skipReason } from "../test/reference-report.ts";
import { packageSample } from "../test/samples.ts";
import { clearsAll, type FixableFinding, suggestFix, suggestFixes } from "./suggested-fix.ts";

const fix = (severity: FixableFinding["severity"], fixVersion?: string): FixableFinding => ({
  packageId: "p1",
  severity,
  ...(fixVersion !== undefined && { fixVersion }),
});

describe("suggestFix", () => {
  it.each([
    ["most criticals win", [fix("critical", "1.2.0"), fix("high", "1.3.0"), fix("high", "1.3.0")], "1.2.0"],
    ["then most highs", [fix("high", "1.2.0"), fix("high", "1.3.0"), fix("high", "1.3.0")], "1.3.0"],
    ["then lesser ones", [fix("high", "1.2.0"), fix("high", "1.3.0"), fix("low", "1.3.0")], "1.3.0"],
    ["the lower version on a tie, by the scheme", [fix("low", "1.10.0"), fix("low", "1.9.0")], "1.9.0"],
    ["unrated counts as medium", [fix("low", "1.1.0"), fix("unknown", "1.9.0")], "1.9.0"],
    ["nothing to fix", [fix("critical")], null],
  ])("%s", (_, findings, expected) => {
    expect(
      suggestFix(
        findings.filter(({ fixVersion }) => fixVersion),
        "semver",
      ),
    ).toBe(expected);
  });

  it("shows beside it what clears everything", () => {
    const findings = [fix("critical", "1.2.0"), fix("low", "1.10.0"), fix("high")];
    expect(suggestFixes([packageSample(), packageSample({ id: "p2" })], findings)).toEqual([
      { packageId: "p1", suggestedFix: "1.2.0", clearsAll: "1.10.0" },
    ]);
  });

  it("does not guess an order of versions that cannot be read", () => {
    expect(clearsAll([fix("low", "1.0.0"), fix("low", "the next one")], "semver")).toBeNull();
  });
});

describe.skipIf(skipReason !== "")(`suggested fixes of real reports${skipReason}`, () => {
  it("reproduces all 103", () => {
    const compared = referenceReports().flatMap(({ sbom, findings, packages }) => {
      const ours = new Map(suggestFixes(sbom.packages, findings).map((row) => [row.packageId, row.suggestedFix]));
      return packages.map(({ id, suggestedFix }) => ({ theirs: suggestedFix, ours: ours.get(id) }));
    });
    expect(compared.filter(({ theirs }) => theirs !== undefined)).toHaveLength(103);
    expect(compared.filter(({ theirs, ours }) => theirs !== ours)).toEqual([]);
  });
});
