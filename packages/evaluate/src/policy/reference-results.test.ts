import type { Policy, RuleResult } from "@plimsoll/model";
import { describe, expect, it } from "vitest";
import { type ReferenceReport, type ReferenceRule, referenceReports, skipReason } from "../../test/reference-report.ts";
import { evaluatePolicies } from "./evaluate-policies.ts";

const reports = referenceReports();

function evaluate(report: ReferenceReport, rule: ReferenceRule): RuleResult {
  const policy: Policy = {
    identifier: "p",
    name: "p",
    description: "",
    bundles: [rule.bundle],
    stages: [],
    createdAt: "",
    updatedAt: "",
  };
  const { sbom, findings, scannedAt: now } = report;
  const { results } = evaluatePolicies({ policies: [policy], sbom, findings, stage: "pipeline", now });
  const [result] = results.flatMap(({ bundles }) => bundles.flatMap(({ rules }) => rules));
  if (result === undefined) throw new Error("no rule evaluated");
  return result;
}

const failedIds = ({ violations }: RuleResult) =>
  violations.flatMap((violation) => (violation.kind === "finding" ? violation.findingId : [])).sort();

describe.skipIf(reports.length === 0)(`policies of real reports${skipReason}`, () => {
  const evaluated = reports.flatMap((report) => report.rules.map((rule) => ({ rule, result: evaluate(report, rule) })));
  const onFindings = evaluated.filter(({ result }) => result.failureType === "pkgVulnFailure");
  const onImages = evaluated.filter(({ result }) => result.failureType === "imageConfigFailure");

  it("reproduces 39 of 39 evaluations of vulnerability rules, failure by failure", () => {
    expect(onFindings).toHaveLength(39);
    const wrong = onFindings.filter(
      ({ rule, result }) =>
        result.status !== rule.status || JSON.stringify(failedIds(result)) !== JSON.stringify(rule.failures),
    );
    expect(wrong.map(({ rule }) => rule.bundle.rules[0])).toEqual([]);
  });

  it("finds the 70 network failures among them", () => {
    const network = onFindings.filter(({ rule }) => JSON.stringify(rule.bundle).includes("vulnExploitableViaNetwork"));
    const failed = new Set(network.flatMap(({ result }) => failedIds(result)));
    expect(failed.size).toBe(70);
  });

  it("writes the same rule texts where the reports have any", () => {
    const texts = evaluated.filter(({ rule }) => rule.description !== "");
    expect(texts.length).toBeGreaterThan(50);
    expect(texts.filter(({ rule, result }) => rule.description !== result.description)).toEqual([]);
  });

  it("agrees on configuration rules but for package managers, which the reference overlooks in shell form", () => {
    const accepted = (status: string) => (status === "accepted" ? "failed" : status);
    const wrong = onImages.filter(({ rule, result }) => result.status !== accepted(rule.status));
    const types = new Set(wrong.map(({ rule }) => rule.bundle.rules[0]?.ruleType));
    expect(types).toEqual(new Set(["imageConfigInstructionIsPkgManager"]));
    expect(wrong.every(({ result }) => result.status === "failed")).toBe(true);
    expect(onImages.length - wrong.length).toBeGreaterThan(40);
  });

  it("gives discouraged instructions and image age as arguments", () => {
    const withArguments = onImages.filter(({ rule }) => rule.arguments.some((value) => JSON.stringify(value) !== "{}"));
    expect(withArguments.length).toBeGreaterThan(3);
    for (const { rule, result } of withArguments) {
      expect(result.violations.map((violation) => violation.kind === "config" && violation.arguments)).toEqual(
        rule.arguments,
      );
    }
  });
});
