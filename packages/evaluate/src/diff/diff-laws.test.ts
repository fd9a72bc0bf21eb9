import type { Difference, FindingChange, Severity } from "@plimsoll/model";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { judgedNow, type PackageLine, reportSample } from "../../test/diff-samples.ts";
import { presentFindings } from "../evaluate.ts";
import { diffReports } from "./diff-reports.ts";

const kev = { added: "2026-01-01", due: "2026-02-01", ransomware: false };

/** The difference seen from the other side, by its definition. */
function turned({ packages, findings, ...rest }: Difference): Difference {
  const turn = <T>(pair: { before: T; after: T }) => ({ before: pair.after, after: pair.before });
  return {
    ...rest,
    packages: packages.map((change) => ({ ...change, ...turn(change), state: mirrored(change.state) })),
    findings: findings.map((change) => {
      const aspects = change.aspects.map((one) => ({ ...one, ...turn(one), isWorse: !one.isWorse }));
      const state = aspects.some(({ isWorse }) => isWorse) ? "worsened" : mirroredState(change.state);
      return { ...change, ...turn(change), aspects, state, cause: change.cause && mirrored(change.cause) };
    }),
  };
}

const mirror: Readonly<Record<string, string>> = {
  added: "removed",
  removed: "added",
  upgraded: "downgraded",
  downgraded: "upgraded",
  "package-added": "package-removed",
  "package-removed": "package-added",
};

const findingMirror: Readonly<Record<string, string>> = { added: "fixed", fixed: "added", worsened: "eased" };

function mirrored<T extends string>(word: T): T {
  return (mirror[word] ?? word) as T;
}

function mirroredState(state: FindingChange["state"]): FindingChange["state"] {
  return (findingMirror[state] ?? state) as FindingChange["state"];
}

function packagePairs({ packages }: Difference): string[] {
  return packages.map(({ state, before, after }) => `${state} ${before?.id} ${after?.id}`).sort();
}

function findingPairs({ findings }: Difference): string[] {
  return findings.map(({ state, cause, before, after }) => `${state} ${cause} ${before?.id} ${after?.id}`).sort();
}

describe("the laws of a difference", () => {
  const severity = fc.constantFrom<Severity>("critical", "high", "medium", "low", "negligible", "unknown");
  const finding = fc.record({
    vulnerability: fc.constantFrom("CVE-1", "CVE-2", "CVE-3", "GHSA-1", "GHSA-2"),
    aliases: fc.subarray(["CVE-1", "GHSA-1", "GHSA-2"]),
    severity,
    kev: fc.constantFrom(null, kev),
    exploit: fc.constantFrom(null, { count: 1, links: [] }),
    fixVersion: fc.constantFrom(undefined, "2", "3"),
  });
  const line = fc.record({
    name: fc.constantFrom("x", "y"),
    version: fc.constantFrom("", "1.0.0", "1.1.0", "2.0.0", "odd"),
    path: fc.constantFrom("p", "q", "r/1.0.0", "r/2.0.0"),
    layer: fc.constantFrom("a", "b", "c"),
    findings: fc.uniqueArray(finding, { maxLength: 4, selector: ({ vulnerability }) => vulnerability }),
    more: fc.constantFrom({}, { arch: "amd64" }, { arch: "arm64" }),
  });
  const report = fc
    .tuple(fc.constantFrom("", "a", "ab", "abc", "cab", "aab"), fc.array(line, { maxLength: 6 }))
    .map(([layers, lines]) => reportSample(layers, lines as PackageLine[]));

  it("diff(A, A) is empty", () => {
    fc.assert(
      fc.property(report, (one) => {
        const { findings, packages, layers } = diffReports(judgedNow(one), judgedNow(one));
        expect(packages.every(({ state, before, after }) => state === "unchanged" && before === after)).toBe(true);
        expect(findings.every(({ state, before, after }) => state === "unchanged" && before === after)).toBe(true);
        expect(layers.every(({ state }) => state === "shared")).toBe(true);
      }),
    );
  });

  it("diff(A, B) is the mirror image of diff(B, A)", () => {
    fc.assert(
      fc.property(report, report, (a, b) => {
        const [there, back] = [diffReports(judgedNow(a), judgedNow(b)), diffReports(judgedNow(b), judgedNow(a))];
        expect(packagePairs(there)).toEqual(packagePairs(turned(back)));
        expect(findingPairs(there)).toEqual(findingPairs(turned(back)));
      }),
      { numRuns: 400 },
    );
  });

  it("every finding of either side is in it once, and the counts add up", () => {
    fc.assert(
      fc.property(report, report, (a, b) => {
        const { findings, counts } = diffReports(judgedNow(a), judgedNow(b));
        const ids = (side: "before" | "after") => findings.flatMap((change) => change[side]?.id ?? []).sort();
        expect(ids("before")).toEqual(
          presentFindings(a)
            .map(({ id }) => id)
            .sort(),
        );
        expect(ids("after")).toEqual(
          presentFindings(b)
            .map(({ id }) => id)
            .sort(),
        );
        const total = (...states: (keyof typeof counts)[]) =>
          states.flatMap((state) => Object.values(counts[state])).reduce((sum, tally) => sum + tally.total, 0);
        expect(total("added", "worsened", "eased", "unchanged")).toBe(b.findings.length);
        expect(total("fixed", "worsened", "eased", "unchanged")).toBe(a.findings.length);
      }),
    );
  });
});
