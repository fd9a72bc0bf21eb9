import { describe, expect, it } from "vitest";
import { findingOf, packageOf, reportOf, sbomOf } from "../test/builders.ts";
import { recommend } from "./recommendations.ts";

const old = packageOf("npm", ["axios", "1.0.0"]);
const copy = { ...packageOf("npm", ["axios", "1.0.1"]), id: "00000000-0000-4000-8000-000000000002" };
const zlib = packageOf("npm", ["zlib", "1"]);
const bad = packageOf("npm", ["bad", "1"]);
const stuck = packageOf("npm", ["stuck", "1"]);

const findings = [
  findingOf(old, "CVE-1", { severity: "high", fixVersion: "1.8.2" }),
  findingOf(old, "CVE-2", { severity: "low" }),
  findingOf(copy, "CVE-1", { severity: "high", fixVersion: "1.8.2" }),
  findingOf(zlib, "CVE-3", { severity: "critical", fixVersion: "2" }),
  findingOf(bad, "CVE-4", {
    severity: "medium",
    fixVersion: "2",
    exploit: { count: 1, links: [] },
  }),
  findingOf(stuck, "CVE-5", { severity: "critical" }),
];
const suggestedFixes = [
  { packageId: old.id, suggestedFix: "1.8.2", clearsAll: "1.8.2" },
  { packageId: copy.id, suggestedFix: "1.8.2", clearsAll: "1.8.2" },
  { packageId: zlib.id, suggestedFix: "2", clearsAll: "2" },
  { packageId: bad.id, suggestedFix: "2", clearsAll: "2" },
];
const report = reportOf(sbomOf({ packages: [old, copy, zlib, bad, stuck] }), { findings, suggestedFixes });

describe("recommend", () => {
  it("puts exploits first, then severities, and one package and version in several places into one", () => {
    const found = recommend(report);
    expect(found.map(({ name, to }) => `${name} ${to}`)).toEqual(["bad 2", "zlib 2", "axios 1.8.2"]);
    expect(found[2]).toMatchObject({
      versions: ["1.0.0", "1.0.1"],
      clears: { critical: 0, high: 2, medium: 0, low: 0, negligible: 0, unknown: 0 },
      exploitable: 0,
      left: 1,
      fixes: [{ kind: "command", words: ["npm install", "axios@1.8.2"] }],
    });
  });

  it("has nothing to say where nothing can be fixed", () => {
    expect(
      recommend(
        reportOf(sbomOf({ packages: [stuck] }), { findings: [findings[5] ?? findings[0]].flatMap((one) => one ?? []) }),
      ),
    ).toEqual([]);
  });
});
