import { readdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Finding, ImageInfo, Package, Predicate, RuleStatus } from "@plimsoll/model";
import { describe, expect, it } from "vitest";
import { findingSample, imageSample, packageSample, policySample, sbomSample } from "../../test/samples.ts";
import { ruleFault } from "./check-policy.ts";
import { evaluatePolicies } from "./evaluate-policies.ts";
import { predicates, ruleTypes } from "./predicates.ts";

const now = Date.parse("2024-06-30T12:00:00Z");
type Extra = Predicate["extra"];
type Target = { finding?: Partial<Finding>; pkg?: Partial<Package>; image?: ImageInfo };

function status(type: string, extra: Extra, { finding = {}, pkg = {}, image = imageSample() }: Target): RuleStatus {
  const ruleType = Object.keys(ruleTypes).find((name) => ruleTypes[name]?.includes(type)) ?? "";
  const { results } = evaluatePolicies({
    policies: [policySample([ruleType, { type, extra }])],
    sbom: sbomSample({ packages: [packageSample(pkg)], image }),
    findings: [findingSample(finding)],
    stage: "pipeline",
    now,
  });
  return results[0]?.bundles[0]?.rules[0]?.status ?? "passed";
}

const vector = (text: string): Partial<Finding> => ({ cvss: { version: "3.1", score: 7.5, vector: text } });
const exploit = (published?: string): Partial<Finding> => ({
  exploit: { count: 1, links: [], ...(published !== undefined && { published }) },
});
const kev = (added: string, due: string, ransomware = false): Partial<Finding> => ({ kev: { added, due, ransomware } });
const epss = (score: number, percentile: number): Partial<Finding> => ({
  epss: { score, percentile, date: "2024-06-01" },
});

describe("predicates on findings", () => {
  const table: [string, Extra, Target, boolean][] = [
    ["vulnSeverity", { level: "high" }, { finding: { severity: "critical" } }, true],
    ["vulnSeverity", { level: "high" }, { finding: { severity: "high" } }, true],
    ["vulnSeverity", { level: "high" }, { finding: { severity: "medium" } }, false],
    ["vulnSeverity", { level: "medium" }, { finding: { severity: "unknown" } }, true],
    ["vulnSeverity", { level: "high" }, { finding: { severity: "unknown" } }, false],
    ["vulnSeverityEquals", { level: "high" }, { finding: { severity: "high" } }, true],
    ["vulnSeverityEquals", { level: "high" }, { finding: { severity: "critical" } }, false],
    ["vulnCVSS", { value: 7.5 }, { finding: vector("x") }, true],
    ["vulnCVSS", { value: 7.6 }, { finding: vector("x") }, false],
    ["vulnCVSS", { value: 0.1 }, {}, false],
    ["vulnCVSSEquals", { value: 7.5 }, { finding: vector("x") }, true],
    ["vulnCVSSEquals", { value: 7 }, { finding: vector("x") }, false],
    ["vulnAge", { age: 30 }, { finding: { disclosed: { date: "2024-05-31", estimated: false } } }, true],
    ["vulnAge", { age: 30 }, { finding: { disclosed: { date: "2024-06-01", estimated: false } } }, false],
    ["vulnDisclosureRange", { startDate: "2024-01-01", endDate: "2024-01-01" }, {}, true],
    ["vulnDisclosureRange", { startDate: "2024-01-02", endDate: "2024-02-01" }, {}, false],
    ["vulnIsFixable", {}, { finding: { fixVersion: "2" } }, true],
    ["vulnIsFixable", {}, { finding: { fixDate: "2024-01-01" } }, false],
    ["vulnIsFixableWithAge", { age: 30 }, { finding: { fixVersion: "2", fixDate: "2024-05-31" } }, true],
    ["vulnIsFixableWithAge", { age: 31 }, { finding: { fixVersion: "2", fixDate: "2024-05-31" } }, false],
    ["vulnIsFixableWithAge", { age: 0 }, { finding: { fixVersion: "2" } }, false],
    ["vulnExploitable", {}, { finding: exploit() }, true],
    ["vulnExploitable", {}, {}, false],
    ["vulnExploitableWithAge", { age: 30 }, { finding: exploit("2024-05-31T20:00:00Z") }, true],
    ["vulnExploitableWithAge", { age: 30 }, { finding: exploit("2024-06-01T00:00:00Z") }, false],
    ["vulnExploitableWithAge", { age: 0 }, { finding: exploit() }, false],
    ["vulnExploitableViaNetwork", {}, { finding: vector("CVSS:3.1/AV:N/AC:L") }, true],
    ["vulnExploitableViaNetwork", {}, { finding: vector("(AV:N/AC:L/Au:N/C:P/I:P/A:P)") }, true],
    ["vulnExploitableViaNetwork", {}, { finding: vector("CVSS:3.1/AV:L/MAV:N") }, false],
    ["vulnExploitableNoAdmin", {}, { finding: vector("CVSS:3.1/AV:L/PR:N") }, true],
    ["vulnExploitableNoAdmin", {}, { finding: vector("AV:N/AC:L/Au:N") }, true],
    ["vulnExploitableNoAdmin", {}, { finding: vector("CVSS:3.1/AV:N/PR:L") }, false],
    ["vulnExploitableNoUser", {}, { finding: vector("CVSS:3.1/UI:N") }, true],
    ["vulnExploitableNoUser", {}, { finding: vector("CVSS:3.1/UI:R") }, false],
    ["cisaKevKnownRansomwareCampaignUse", {}, { finding: kev("2024-01-01", "2024-02-01", true) }, true],
    ["cisaKevKnownRansomwareCampaignUse", {}, { finding: kev("2024-01-01", "2024-02-01") }, false],
    ["cisaKevAvailableSince", { days: 30 }, { finding: kev("2024-05-31", "2025-01-01") }, true],
    ["cisaKevAvailableSince", { days: 30 }, { finding: kev("2024-06-01", "2025-01-01") }, false],
    ["cisaKevAvailableSince", { days: 1 }, {}, false],
    ["cisaKevDueDateIn", { days: 10 }, { finding: kev("2024-01-01", "2024-07-10") }, true],
    ["cisaKevDueDateIn", { days: 10 }, { finding: kev("2024-01-01", "2024-07-11") }, false],
    ["cisaKevDueDateIn", { days: 10 }, { finding: kev("2024-01-01", "2024-02-01") }, true],
    ["vulnEpssScoreGte", { score: 29 }, { finding: epss(0.29, 0) }, true],
    ["vulnEpssScoreGte", { score: 29 }, { finding: epss(0.2899, 0) }, false],
    ["vulnEpssScoreGte", { score: 0 }, {}, false],
    ["vulnEpssPercentileGte", { percentile: 57 }, { finding: epss(0, 0.57) }, true],
    ["vulnEpssPercentileGte", { percentile: 58 }, { finding: epss(0, 0.57) }, false],
    ["vulnPkgType", { pkgType: "os" }, { pkg: { ecosystem: "deb" } }, true],
    ["vulnPkgType", { pkgType: "os" }, { pkg: { ecosystem: "npm" } }, false],
    ["vulnPkgType", { pkgType: "nonOs" }, { pkg: { ecosystem: "npm" } }, true],
    ["vulnIsInUse", {}, {}, false],
    ["denyCVE", { vulnIds: ["CVE-1999-1", "cve-2024-1"] }, {}, true],
    ["denyCVE", { vulnIds: ["GHSA-x"] }, { finding: { aliases: ["GHSA-X"], severity: "negligible" } }, true],
    ["denyCVE", { vulnIds: ["CVE-2024-11"] }, {}, false],
    ["denyPkg", { packages: [{ name: "left-pad" }] }, {}, true],
    ["denyPkg", { packages: [{ name: "left-pad", version: "1.0.0" }] }, {}, true],
    ["denyPkg", { packages: [{ name: "left-pad", version: "1.0" }] }, {}, false],
    ["denyPkg", { packages: [{ name: "left" }] }, {}, false],
  ];
  it.each(table)("%s %j", (...[type, extra, target, violated]) => {
    expect(status(type, extra, target)).toBe(violated ? "failed" : "passed");
  });
});

describe("predicates on images", () => {
  const user = (name: string): Target => ({ image: imageSample({ user: name }) });
  const labels = (values: Record<string, string>): Target => ({ image: imageSample({ labels: values }) });
  const env = (...lines: string[]): Target => ({ image: imageSample({ env: lines }) });
  const history = (...lines: string[]): Target => ({ image: imageSample({}, { history: lines }) });
  const created = (date: string | null): Target => ({ image: imageSample({}, { created: date }) });
  const table: [string, Extra, Target, boolean][] = [
    ...["", "root", "0", "00", "0:0", "root:www", ":5", " 0 "].map((name): [string, Extra, Target, boolean] => [
      "imageConfigDefaultUserIsRoot",
      {},
      user(name),
      true,
    ]),
    ...["app", "1000", "10:0", "rooty", "app:root"].map((name): [string, Extra, Target, boolean] => [
      "imageConfigDefaultUserIsRoot",
      {},
      user(name),
      false,
    ]),
    ["imageConfigDefaultUserIsNot", { user: "app" }, user("app:app"), false],
    ["imageConfigDefaultUserIsNot", { user: "app" }, user(""), true],
    ["imageConfigDefaultUserIsNot", { user: "root" }, user("0"), false],
    ["imageConfigDefaultUserIsNot", { user: "app:app" }, user("app"), true],
    ["imageConfigDefaultUserList", { operator: "IN", users: ["a", "root"] }, user("0"), true],
    ["imageConfigDefaultUserList", { operator: "IN", users: ["a"] }, user("b"), false],
    ["imageConfigDefaultUserList", { operator: "NOT_IN", users: ["a"] }, user("b"), true],
    ["imageConfigDefaultUserList", { operator: "NOT_IN", users: ["a"] }, user("a"), false],
    ["imageConfigLabelExists", { key: "a" }, labels({ a: "" }), true],
    ["imageConfigLabelExists", { key: "toString" }, labels({}), false],
    ["imageConfigLabelNotExists", { key: "a" }, labels({}), true],
    ["imageConfigLabelNotExists", { key: "a" }, labels({ a: "1" }), false],
    ["imageConfigLabelNotContains", { key: "a", value: "x" }, labels({}), true],
    ["imageConfigLabelNotContains", { key: "a", value: "x" }, labels({ a: "y" }), true],
    ["imageConfigLabelNotContains", { key: "a", value: "x" }, labels({ a: "wxy" }), false],
    [
      "imageConfigLabelWithValueAndLabelsExist",
      { key: "a", value: "1", requiredLabels: ["b"] },
      labels({ a: "1", b: "" }),
      true,
    ],
    [
      "imageConfigLabelWithValueAndLabelsExist",
      { key: "a", value: "1", requiredLabels: ["b"] },
      labels({ a: "1" }),
      false,
    ],
    [
      "imageConfigLabelWithValueAndLabelsExist",
      { key: "a", value: "1", requiredLabels: ["b"] },
      labels({ a: "2", b: "" }),
      false,
    ],
    ["imageConfigEnvVariableExists", { key: "A" }, env("A=1"), true],
    ["imageConfigEnvVariableExists", { key: "A" }, env("AB=1", "B=A=1"), false],
    ["imageConfigEnvVariableNotExists", { key: "A" }, env("B=1"), true],
    ["imageConfigEnvVariableNotExists", { key: "A" }, env("A="), false],
    ["imageConfigEnvVariableContains", { key: "A", value: "b" }, env("A=abc"), true],
    ["imageConfigEnvVariableContains", { key: "A", value: "b" }, env("A=abc", "A=z"), false],
    ["imageConfigEnvVariableContains", { key: "A" }, env("A="), true],
    ["imageConfigCreationDateWithAge", { age: 30 }, created("2024-05-31T23:00:00Z"), true],
    ["imageConfigCreationDateWithAge", { key: 30 }, created("2024-06-01T00:00:00Z"), false],
    ["imageConfigCreationDateWithAge", { age: 30 }, created(null), true],
    ["imageConfigCreationDateWithAge", { age: 30 }, created("not a date"), true],
    ["imageConfigInstructionNotRecommended", {}, history("/bin/sh -c #(nop) ADD file:7 in / "), true],
    ["imageConfigInstructionNotRecommended", {}, history("ADD app.tar /app # buildkit"), true],
    [
      "imageConfigInstructionNotRecommended",
      {},
      history("# debian.sh --arch 'amd64'", "RUN echo ADD", "COPY ADD /"),
      false,
    ],
    ["imageConfigInstructionIsPkgManager", {}, history("RUN /bin/sh -c apt-get update # buildkit"), true],
    ["imageConfigInstructionIsPkgManager", {}, history("COPY apk /", 'CMD ["npm" "start"]', "ENV npm=1"), false],
    ["imageConfigSensitiveInformationAndSecrets", {}, env("DB_PASSWORD=hunter22"), true],
    [
      "imageConfigSensitiveInformationAndSecrets",
      {},
      env("PATH=/bin", "GPG_KEY=E3FF2839C048B25C084DEBE9B26995E310250568"),
      false,
    ],
  ];
  it.each(table)("%s %j", (...[type, extra, target, violated]) => {
    expect(status(type, extra, target)).toBe(violated ? "failed" : "passed");
  });
});

describe("the list of predicates", () => {
  it("holds everything that the rules folder exports as a predicate", async () => {
    const folder = join(import.meta.dirname, "rules");
    const modules = await Promise.all(
      readdirSync(folder).map((file) => import(pathToFileURL(join(folder, file)).href)),
    );
    const exported = modules
      .flatMap((module) => Object.values<unknown>(module))
      .filter((value) => typeof value === "object");
    expect(exported.length).toBe(predicates.length);
    expect(exported.filter((value) => !predicates.some((row) => row === value))).toEqual([]);
  });

  it("holds every predicate of the contract once, each in exactly one rule type", () => {
    const types = predicates.map(({ type }) => type);
    expect(types).toHaveLength(36);
    expect(new Set(types).size).toBe(36);
    expect(Object.values(ruleTypes).flat().sort()).toEqual([...types].sort());
    expect(Object.keys(ruleTypes)).toHaveLength(10);
  });

  it.each([
    ["vulnSeverity", { level: "high" }, "Severity greater than or equal high"],
    ["vulnIsFixableWithAge", { age: 30 }, "Fixable since 30 days"],
    ["vulnIsFixableWithAge", { age: 1 }, "Fixable since 1 day"],
    ["vulnExploitableWithAge", { age: 0 }, "Public Exploit available since 0 day"],
    ["vulnAge", { age: 7 }, "Disclosure date older than or equal 7 days"],
    ["vulnCVSS", { value: 8.5 }, "CVSS Score greater than or equal to 8.5"],
    ["vulnExploitableNoUser", {}, "No User interaction required"],
    ["vulnExploitableNoAdmin", {}, "No administrative privileges required"],
    ["imageConfigDefaultUserIsNot", { user: "app" }, "User is not app"],
    ["imageConfigLabelNotContains", { key: "k", value: "v" }, "Value v not found in label k"],
    ["imageConfigEnvVariableContains", { key: "k", value: "v" }, "Variable k contains value v"],
    ["imageConfigCreationDateWithAge", { age: 30 }, "Image is older than 30 days or Creation date is not present"],
  ])("describes %s %j", (type, extra, text) => {
    expect(predicates.find((row) => row.type === type)?.describe(extra)).toBe(text);
  });

  it.each([
    ["vulnSeverityAndThreats", [{ type: "vulnSeverity", extra: { level: "worst" } }], "level must be one of"],
    ["vulnSeverityAndThreats", [{ type: "vulnSeverity", extra: {} }], "level is missing"],
    ["vulnSeverityAndThreats", [{ type: "vulnAge", extra: { age: 1.5 } }], "whole number from 0 to 36500"],
    ["vulnSeverityAndThreats", [{ type: "vulnAge", extra: { age: 36_501 } }], "whole number"],
    [
      "vulnSeverityAndThreats",
      [{ type: "vulnDisclosureRange", extra: { startDate: "2024-13-01", endDate: "2024-12-01" } }],
      "a date",
    ],
    ["vulnSeverityAndThreats", [{ type: "denyCVE", extra: { vulnIds: ["x"] } }], "no predicate denyCVE"],
    ["vulnSeverityAndThreats", [], "no predicate"],
    ["vulnDenyList", [{ type: "denyCVE", extra: { vulnIds: [] } }], "1 to 1024"],
    ["pkgDenyList", [{ type: "denyPkg", extra: { packages: [{ version: "1" }] } }], "1 to 1024"],
    ["imageConfigCreationDate", [{ type: "imageConfigCreationDateWithAge", extra: {} }], "age is missing"],
    ["toString", [{ type: "vulnSeverity", extra: {} }], "no such rule type"],
  ])("refuses %s %j", (ruleType, list, reason) => {
    expect(ruleFault({ ruleType, predicates: list })).toContain(reason);
  });
});
