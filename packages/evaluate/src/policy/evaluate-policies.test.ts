import type { Finding, Predicate } from "@plimsoll/model";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findingSample, imageSample, packageSample, policySample, sbomSample } from "../../test/samples.ts";
import { dayMs } from "../moment.ts";
import { evaluatePolicies, type PolicyInput } from "./evaluate-policies.ts";
import { defaultPolicies, namedPolicies } from "./predefined.ts";
import { never } from "./predicate.ts";
import { selectPolicies } from "./select-policies.ts";

const now = Date.parse("2024-06-30T12:00:00Z");
const p = (type: string, extra: Predicate["extra"] = {}): Predicate => ({ type, extra });
const threats = "vulnSeverityAndThreats";

function run(policies: PolicyInput["policies"], rest: Partial<PolicyInput> = {}) {
  return evaluatePolicies({
    policies,
    sbom: sbomSample(),
    findings: [findingSample()],
    stage: "pipeline",
    now,
    ...rest,
  });
}
const statuses = (outcome: ReturnType<typeof run>) =>
  outcome.results.flatMap(({ bundles }) => bundles.flatMap(({ rules }) => rules.map(({ status }) => status)));

describe("evaluatePolicies", () => {
  it("wants all predicates of a rule from one and the same finding", () => {
    const policy = policySample([threats, p("vulnSeverity", { level: "critical" }), p("vulnIsFixable")]);
    const apart = [findingSample({ severity: "critical" }), findingSample({ id: "f2", fixVersion: "2" })];
    expect(statuses(run([policy], { findings: apart }))).toEqual(["passed"]);
    const together = [findingSample({ severity: "critical", fixVersion: "2" })];
    const outcome = run([policy], { findings: together });
    expect(outcome.results[0]?.status).toBe("failed");
    expect(outcome.results[0]?.bundles[0]?.rules[0]).toMatchObject({
      description: "Severity greater than or equal critical AND Fixable",
      failureType: "pkgVulnFailure",
      violations: [{ kind: "finding", findingId: "f1", packageId: "p1", description: "" }],
    });
  });

  it("fails a policy for one violated rule of several", () => {
    const policy = policySample([threats, p("vulnIsFixable")], [threats, p("vulnSeverity", { level: "low" })]);
    const outcome = run([policy]);
    expect(statuses(outcome)).toEqual(["passed", "failed"]);
    expect(outcome.results[0]?.status).toBe("failed");
  });

  it("does not judge packages that a later layer removed", () => {
    const packages = [
      packageSample({ removedIn: "sha256:1" as NonNullable<ReturnType<typeof packageSample>["removedIn"]> }),
    ];
    const policy = policySample(
      [threats, p("vulnSeverity", { level: "low" })],
      ["pkgDenyList", p("denyPkg", { packages: [{ name: "left-pad" }] })],
    );
    expect(statuses(run([policy], { sbom: sbomSample({ packages }) }))).toEqual(["passed", "passed"]);
  });

  it("does not apply image rules to what is no image", () => {
    const policy = policySample(["imageConfigDefaultUser", p("imageConfigDefaultUserIsRoot")]);
    const outcome = run([policy], { sbom: sbomSample({ image: null }) });
    expect(statuses(outcome)).toEqual(["notApplicable"]);
    expect(outcome.results[0]?.status).toBe("passed");
  });

  it("judges use at run time, where it was watched; at pipeline nothing is in use", () => {
    const policy = policySample([threats, p("vulnIsInUse")]);
    expect(statuses(run([policy]))).toEqual(["passed"]);
    expect(statuses(run([policy], { stage: "runtime" }))).toEqual(["notApplicable"]);
    expect(statuses(run([policy], { stage: "runtime", inUse: new Set() }))).toEqual(["passed"]);
    expect(statuses(run([policy], { stage: "runtime", inUse: new Set(["p1"]) }))).toEqual(["failed"]);
  });

  it("refuses a rule that it does not understand", () => {
    expect(() => run([policySample([threats, p("vulnIsOnFire")])])).toThrow(/vulnIsOnFire/);
  });
});

describe("predefined policies", () => {
  it.each([
    ["fixable critical", { severity: "critical", fixVersion: "2" }, "failed"],
    ["critical without a fix", { severity: "critical" }, "passed"],
    ["high fixed for 30 days", { severity: "high", fixVersion: "2", fixDate: "2024-05-31" }, "failed"],
    ["high fixed yesterday, not by network", { severity: "high", fixVersion: "2", fixDate: "2024-06-29" }, "passed"],
    [
      "fixable high by network",
      { severity: "high", fixVersion: "2", cvss: { version: "3.1", score: 8, vector: "x/AV:N" } },
      "failed",
    ],
    [
      "fixable medium by network",
      { severity: "medium", fixVersion: "2", cvss: { version: "3.1", score: 8, vector: "x/AV:N" } },
      "passed",
    ],
  ] as [string, Partial<Finding>, string][])("the default on a %s", (_, finding, status) => {
    expect(run(defaultPolicies, { findings: [findingSample(finding)] }).results[0]?.status).toBe(status);
  });

  it("are all understood, with rule ids that differ", () => {
    const all = [...defaultPolicies, ...namedPolicies];
    expect(run(all).results.map(({ policy }) => policy.identifier)).toEqual([
      "plimsoll-default",
      "nist-sp-800-190",
      "nist-sp-800-53-rev-5",
      "nist-sp-800-82-rev-2",
      "pci-dss-v4-0",
    ]);
    const ids = all.flatMap(({ bundles }) => bundles.flatMap(({ rules }) => rules.map(({ id }) => id)));
    expect(new Set(ids).size).toBe(ids.length);
  });

  it("apply by stage or by name", () => {
    const all = [...defaultPolicies, ...namedPolicies];
    const names = (stage: "pipeline" | "registry", named: string[]) =>
      selectPolicies(all, stage, named).map(({ identifier }) => identifier);
    expect(names("pipeline", [])).toEqual(["plimsoll-default"]);
    expect(names("registry", [])).toEqual([]);
    expect(names("pipeline", ["pci-dss-v4-0", "plimsoll-default"])).toEqual(["plimsoll-default", "pci-dss-v4-0"]);
    expect(() => names("pipeline", ["pci"])).toThrow("there is no policy pci");
  });
});

describe("changesAt", () => {
  const day = fc
    .integer({ min: -60, max: 60 })
    .map((offset) => new Date(now + offset * dayMs).toISOString().slice(0, 10));
  const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null });
  const age = fc.integer({ min: 0, max: 40 });
  const days = fc.integer({ min: 1, max: 40 });
  const predicate = fc.oneof(
    age.map((value) => p("vulnAge", { age: value })),
    age.map((value) => p("vulnIsFixableWithAge", { age: value })),
    age.map((value) => p("vulnExploitableWithAge", { age: value })),
    days.map((value) => p("cisaKevAvailableSince", { days: value })),
    days.map((value) => p("cisaKevDueDateIn", { days: value })),
    fc.constant(p("vulnDisclosureRange", { startDate: "2024-06-01", endDate: "2024-07-30" })),
    fc.constantFrom("low", "high", "critical").map((level) => p("vulnSeverity", { level })),
    fc.constant(p("vulnIsFixable")),
  );
  const finding = fc
    .record({
      severity: fc.constantFrom("low", "high", "critical" as const),
      disclosed: day,
      fix: maybe(day),
      exploit: maybe(day),
      kev: maybe(fc.tuple(day, day)),
    })
    .map(
      (row): Partial<Finding> => ({
        severity: row.severity as Finding["severity"],
        disclosed: { date: row.disclosed, estimated: false },
        ...(row.fix !== null && { fixVersion: "2", fixDate: row.fix }),
        exploit: row.exploit === null ? null : { count: 1, links: [], published: row.exploit },
        kev: row.kev === null ? null : { added: row.kev[0], due: row.kev[1], ransomware: false },
      }),
    );
  const rule = fc
    .array(predicate, { minLength: 1, maxLength: 3 })
    .map((list): [string, ...Predicate[]] => [threats, ...list]);
  const imageRule = days.map((value): [string, ...Predicate[]] => [
    "imageConfigCreationDate",
    p("imageConfigCreationDateWithAge", { age: value }),
  ]);

  it("is exactly the first moment with other results, tried day by day", () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof({ weight: 4, arbitrary: rule }, imageRule), { minLength: 1, maxLength: 3 }),
        fc.array(finding, { maxLength: 3 }),
        maybe(day),
        (...[rules, findings, created]) => {
          const sbom = sbomSample({ image: imageSample({}, { created }) });
          const list = findings.map((rest, index) => findingSample({ ...rest, id: `f${index}` }));
          const at = (moment: number) => run([policySample(...rules)], { sbom, findings: list, now: moment });
          const { results, changesAt } = at(now);
          const midnight = Math.ceil(now / dayMs) * dayMs;
          const moments = Array.from({ length: 130 }, (_, index) => midnight + index * dayMs).flatMap((ms) => [
            ms - 1,
            ms,
          ]);
          const first = moments.find((ms) => JSON.stringify(at(ms).results) !== JSON.stringify(results));
          expect(changesAt).toBe(first ?? never);
        },
      ),
      { numRuns: 80 },
    );
  });
});
