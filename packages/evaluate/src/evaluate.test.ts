import type { Distro, FeedRecord, Package } from "@plimsoll/model";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { advisory, affected, exploit, memoryKnowledge, rating } from "../test/memory-knowledge.ts";
import { findingSample, imageSample, packageSample, policySample, sbomSample } from "../test/samples.ts";
import { type EvaluateOptions, evaluate, presentFindings, sortFindings } from "./evaluate.ts";

const now = Date.parse("2024-06-30T12:00:00Z");
const dayMs = 86_400_000;
const cve = (id: string, name: string, rest: Partial<Parameters<typeof advisory>[2]> = {}) =>
  advisory(id, [affected(`npm ${name}`, [{ fixed: "2.0.0" }])], { published: "2024-06-10", ...rest });
const records: FeedRecord[] = [
  cve("CVE-2024-1", "a"),
  cve("CVE-2024-2", "a"),
  cve("CVE-2024-3", "b"),
  rating("CVE-2024-1", "nvd", {
    published: "2024-06-01",
    cvss: [{ version: "3.1", score: 7.5, vector: "CVSS:3.1/AV:L/PR:N/UI:N" }],
  }),
  rating("CVE-2024-2", "nvd", {
    published: "2024-06-01",
    cvss: [{ version: "3.1", score: 9.8, vector: "CVSS:3.1/AV:L/PR:N/UI:N" }],
  }),
];
const pkg = (name: string, rest: Partial<Package> = {}) =>
  packageSample({ id: `id-${name}`, name, purl: `pkg:npm/${name}@1.0.0`, ...rest });
const sbom = sbomSample({ packages: [pkg("a"), pkg("b"), pkg("c")] });
const run = (rest: Partial<EvaluateOptions> = {}, target = sbom, known = records) =>
  evaluate(target, memoryKnowledge(known), { now, stage: "pipeline", ...rest });

describe("evaluate", () => {
  it("gives findings worst first, fixes, policies and a verdict", () => {
    const report = run();
    expect(report.findings.map(({ vulnerability }) => vulnerability)).toEqual([
      "CVE-2024-2",
      "CVE-2024-1",
      "CVE-2024-3",
    ]);
    expect(report.suggestedFixes).toEqual([
      { packageId: "id-a", suggestedFix: "2.0.0", clearsAll: "2.0.0" },
      { packageId: "id-b", suggestedFix: "2.0.0", clearsAll: "2.0.0" },
    ]);
    expect(report.policies.map(({ policy, status }) => [policy.identifier, status])).toEqual([
      ["plimsoll-default", "failed"],
    ]);
    expect(report.verdict).toEqual({ status: "failed", complete: true, validUntil: "2024-07-10T00:00:00.000Z" });
    expect(report.evaluatedAt).toBe("2024-06-30T12:00:00.000Z");
  });

  it("says what it knows", () => {
    expect(run().knowledge).toEqual({
      revision: "7",
      builtAt: "2024-06-25T00:00:00Z",
      starter: false,
      feeds: [{ id: "ghsa", title: "ghsa", date: "2024-06-25", records: 1 }],
      oldest: "2024-06-25",
      packagesJudged: 3,
      packagesNotJudged: 0,
      findingsUnrated: 1,
    });
    expect(run().problems.map(({ level, code }) => [level, code])).toEqual([["warning", "findings-unrated"]]);
  });

  it("is incomplete where nothing is known, and judges the rest", () => {
    const report = run(
      {},
      sbomSample({ packages: [pkg("a"), pkg("r", { ecosystem: "gem" }), pkg("s", { version: "?" })] }),
    );
    expect(report.verdict.complete).toBe(false);
    expect(report.knowledge).toMatchObject({ packagesJudged: 2, packagesNotJudged: 1 });
    const known = [...records, cve("CVE-2024-4", "s")];
    const undecided = run({}, sbomSample({ packages: [pkg("s", { version: "?" })] }), known);
    expect(undecided.verdict.complete).toBe(true);
    expect(undecided.knowledge).toMatchObject({ packagesJudged: 0, packagesNotJudged: 1 });
    expect(undecided.problems).toEqual([
      {
        level: "warning",
        code: "version-unreadable",
        message: 's could not be judged by 1 of its advisories: unreadable version "?"',
        next: "look at CVE-2024-4 by hand",
        package: "pkg:npm/s@1.0.0",
        path: "app/node_modules/left-pad/package.json",
      },
    ]);
  });

  it("keeps the SBOM's own problems: what was not read makes the answer incomplete", () => {
    const problem = { level: "incomplete", code: "layer-unreadable", message: "m" } as const;
    const report = run({}, { ...sbom, problems: [problem] });
    expect(report.problems[0]).toEqual(problem);
    expect(report.verdict.complete).toBe(false);
  });

  it("is incomplete when there are more findings than it may hold", () => {
    const report = run({ maxFindings: 2 });
    expect(report.findings).toHaveLength(2);
    expect(report.problems[0]).toMatchObject({ level: "incomplete", code: "too-many-findings" });
  });

  it("neither counts nor judges what a layer removed, but shows it", () => {
    const gone = sbomSample({ packages: [pkg("a", { removedIn: "sha256:1" as NonNullable<Package["removedIn"]> })] });
    const report = run({}, gone);
    expect(report.findings).toHaveLength(2);
    expect(presentFindings(report)).toEqual([]);
    expect(report.verdict.status).toBe("passed");
    expect(report.knowledge).toMatchObject({ packagesJudged: 0, findingsUnrated: 0, feeds: [] });
  });

  it("evaluates assigned and named policies; with none it passes", () => {
    expect(run({ named: ["pci-dss-v4-0"] }).policies).toHaveLength(2);
    expect(run({ policies: [] })).toMatchObject({ policies: [], verdict: { status: "passed" } });
    expect(run({ stage: "registry" }).policies).toEqual([]);
    expect(() => run({ named: ["none"] })).toThrow("there is no policy none");
  });

  it("makes nothing of an empty target", () => {
    const report = run({}, sbomSample({ packages: [], image: null }));
    expect(report.verdict).toEqual({ status: "passed", complete: true, validUntil: null });
    expect(report.knowledge.oldest).toBeNull();
  });

  it("gives the same bytes for the same arguments, however the records come", () => {
    const text = JSON.stringify(run());
    expect(JSON.stringify(run())).toBe(text);
    expect(JSON.stringify(run({}, sbom, records.toReversed()))).toBe(text);
  });

  it("does not fall over a date beyond all dates", () => {
    const far = [cve("CVE-2024-1", "a", { fixDate: "+275760-09-12", severity: "high" })];
    expect(run({}, sbom, far).verdict.validUntil).toBe("2024-07-10T00:00:00.000Z");
  });
});

describe("the order of findings", () => {
  it("is severity, KEV, exploit, score, name, package", () => {
    const score = (value: number) => ({ version: "3.1", score: value, vector: "" });
    const kev = { added: "2024-01-01", due: "2024-01-02", ransomware: false };
    const sorted = [
      findingSample({ id: "1", severity: "critical" }),
      findingSample({ id: "2", severity: "high", kev }),
      findingSample({ id: "3", severity: "high", exploit: { count: 1, links: [] } }),
      findingSample({ id: "4", severity: "high", cvss: score(8) }),
      findingSample({ id: "5", severity: "high", cvss: score(7), vulnerability: "CVE-2024-0" }),
      findingSample({ id: "6", severity: "high", cvss: score(7) }),
      findingSample({ id: "7", severity: "high", cvss: score(7), packageId: "p2" }),
      findingSample({ id: "8", severity: "unknown", cvss: score(10) }),
    ];
    const packages = [packageSample(), packageSample({ id: "p2" })];
    fc.assert(
      fc.property(fc.shuffledSubarray(sorted, { minLength: 8 }), (shuffled) => {
        expect(sortFindings(shuffled, packages)).toEqual(sorted);
      }),
    );
  });
});

describe("validUntil", () => {
  const date = fc
    .integer({ min: -120, max: 40 })
    .map((offset) => new Date(now + offset * dayMs).toISOString().slice(0, 10));
  const policies = [
    policySample(
      [
        "vulnSeverityAndThreats",
        { type: "vulnSeverity", extra: { level: "high" } },
        { type: "vulnIsFixableWithAge", extra: { age: 30 } },
      ],
      ["vulnSeverityAndThreats", { type: "vulnExploitableWithAge", extra: { age: 10 } }],
      ["vulnSeverityAndThreats", { type: "vulnAge", extra: { age: 20 } }],
      ["imageConfigCreationDate", { type: "imageConfigCreationDateWithAge", extra: { age: 25 } }],
    ),
  ];

  it("is the first moment at which verdict, rules or Problems differ", () => {
    fc.assert(
      fc.property(fc.record({ fix: date, exploited: date, disclosed: date, created: date, data: date }), (days) => {
        const known: FeedRecord[] = [
          cve("CVE-2024-1", "a", { fixDate: days.fix, published: days.disclosed, severity: "high" }),
          exploit("CVE-2024-1", { published: days.exploited }),
        ];
        const target = sbomSample({ packages: [pkg("a")], image: imageSample({}, { created: days.created }) });
        const at = (moment: number) =>
          evaluate(target, memoryKnowledge(known, { date: days.data }), { now: moment, stage: "pipeline", policies });
        const said = (moment: number) => {
          const { policies: results, problems, verdict } = at(moment);
          return JSON.stringify([results, problems, verdict.status, verdict.complete]);
        };
        const midnight = Math.ceil(now / dayMs) * dayMs;
        const moments = Array.from({ length: 140 }, (_, index) => midnight + index * dayMs).flatMap((ms) => [
          ms - 1,
          ms,
        ]);
        const first = moments.find((ms) => said(ms) !== said(now));
        expect(at(now).verdict.validUntil).toBe(first === undefined ? null : new Date(first).toISOString());
      }),
      { numRuns: 30 },
    );
  });
});

describe("any input", () => {
  const text = fc.oneof(
    fc.string({ unit: "binary", maxLength: 20 }),
    fc.constantFrom("1.0.0", "", "0", "1:2-3", "__proto__"),
  );
  const anyPackage = fc.record({
    ecosystem: fc.constantFrom("npm", "deb", "rpm", "apk", "golang", "pypi", "maven") as fc.Arbitrary<
      Package["ecosystem"]
    >,
    name: fc.oneof(text, fc.constant("a")),
    version: text,
  });
  const distro: Distro = { id: "debian", idLike: [], versionId: "12" };

  it("gives a report, never a crash", () => {
    fc.assert(
      fc.property(
        fc.array(anyPackage, { maxLength: 5 }),
        fc.array(fc.tuple(text, text), { maxLength: 3 }),
        (packages, bounds) => {
          const rows = ["npm a", "debian:12 a", "pypi a", "maven a"].flatMap((place) =>
            bounds.map(([introduced, fixed]) =>
              affected(place, [{ introduced, fixed }], { scheme: place.startsWith("deb") ? "deb" : "semver" }),
            ),
          );
          const target = sbomSample({
            distro,
            packages: packages.map((rest, index) => packageSample({ id: `p${index}`, ...rest })),
          });
          const report = run({ named: ["nist-sp-800-53-rev-5"] }, target, [
            advisory("CVE-2024-1", rows, { published: bounds[0]?.[0] ?? "x" }),
          ]);
          expect(report.knowledge.packagesJudged + report.knowledge.packagesNotJudged).toBe(packages.length);
        },
      ),
      { numRuns: 200 },
    );
  });
});
