import { describe, expect, it } from "vitest";
import { findingOf, packageOf, reportOf, sbomOf } from "../test/builders.ts";
import { indexReport } from "./report-index.ts";
import { worstPackages } from "./worst-packages.ts";

describe("worstPackages", () => {
  it("orders by counts from critical down, then by name", () => {
    const names = ["b", "a", "low", "critical", "two-high"] as const;
    const packages = names.map((name) => packageOf("npm", [name, "1"]));
    const severities = {
      b: ["high"],
      a: ["high"],
      low: ["low"],
      critical: ["critical"],
      "two-high": ["high", "high"],
    } as const;
    const findings = packages.flatMap((pkg, index) =>
      severities[names[index] ?? "a"].map((severity, at) => findingOf(pkg, `CVE-${at}`, { severity })),
    );
    const index = indexReport(reportOf(sbomOf({ packages }), { findings }));
    expect(worstPackages(index).map(({ name }) => name)).toEqual(["critical", "two-high", "a", "b", "low"]);
  });
});
