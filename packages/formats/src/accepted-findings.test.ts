import { describe, expect, it } from "vitest";
import { policyOf, reportOf, ruleOf, sbomOf } from "../test/builders.ts";
import { acceptedFindings } from "./accepted-findings.ts";

const violation = (findingId: string) => ({ kind: "finding" as const, findingId, packageId: "p", description: "" });

describe("acceptedFindings", () => {
  it("are those of accepted rules that no other rule still fails for", () => {
    const rules = [
      ruleOf("1", [violation("a"), violation("b")], { status: "accepted" }),
      ruleOf("2", [violation("b"), violation("c")]),
    ];
    const report = reportOf(sbomOf({}), { policies: [policyOf(rules)] });
    expect([...acceptedFindings(report)]).toEqual(["a"]);
  });
});
