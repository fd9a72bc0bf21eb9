import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { faultsOfReportV1 } from "./check-report-v1.ts";
import { sharedData } from "./shared-data.ts";

const pkg = "061ea139-81fe-4583-a730-b23fce8d7dc1";
const vulnerability = "02c49e31-4de6-4736-a4cf-1f0895ef06f3";

function sound() {
  return {
    info: { scanTime: "2026-11-22T00:00:00Z", scanDuration: "1.5s" },
    scanner: { name: "x", version: "1" },
    result: {
      assetType: "containerImage",
      stage: "pipeline",
      producer: { producedAt: "2026-11-22T00:00:00Z" },
      metadata: {
        pullString: "a",
        imageId: "sha256:1",
        baseOs: "alpine 3.18.0",
        os: "linux",
        architecture: "amd64",
        author: "",
        createdAt: "2026-01-01T00:00:00Z",
        size: 1,
      },
      layers: { "08d104126c2bef07": { digest: "", size: null, index: 0, command: "CMD x" } },
      baseImages: {},
      packages: {
        [pkg]: {
          name: "a",
          version: "1",
          type: "os",
          layerRef: "08d104126c2bef07",
          isRemoved: false,
          isRunning: false,
          vulnerabilitiesRefs: [vulnerability],
          riskAcceptRefs: null,
        },
      },
      vulnerabilities: {
        [vulnerability]: {
          name: "CVE-2024-1",
          packageRef: pkg,
          severity: "high",
          exploitable: false,
          disclosureDate: "2024-01-01",
          cvssScore: { score: 7.5, version: "3.1", vector: "" },
          providersMetadata: {},
          riskAcceptRefs: null,
        },
      },
      riskAccepts: {} as unknown,
      policies: { globalEvaluation: "passed", evaluations: [] as unknown[] },
    },
  };
}

const breakages: [string, (report: ReturnType<typeof sound>) => unknown][] = [
  ["a layerRef that is a digest", (r) => Object.assign(r.result.packages[pkg] ?? {}, { layerRef: "sha256:ab" })],
  ["riskAccepts absent", (r) => Object.assign(r.result, { riskAccepts: undefined })],
  ["a package type outside the closed list", (r) => Object.assign(r.result.packages[pkg] ?? {}, { type: "deb" })],
  ["unknown severity", (r) => Object.assign(r.result.vulnerabilities[vulnerability] ?? {}, { severity: "unknown" })],
  ["a vulnerability nobody names", (r) => Object.assign(r.result.packages[pkg] ?? {}, { vulnerabilitiesRefs: null })],
  ["a vulnerability named twice", (r) => r.result.packages[pkg]?.vulnerabilitiesRefs.push(vulnerability)],
  ["a dangling packageRef", (r) => Object.assign(r.result.vulnerabilities[vulnerability] ?? {}, { packageRef: "x" })],
  ["a null layer digest", (r) => Object.assign(r.result.layers["08d104126c2bef07"], { digest: null })],
  ["accepted as global word", (r) => Object.assign(r.result.policies, { globalEvaluation: "accepted" })],
  [
    "exploitable without exploit",
    (r) => Object.assign(r.result.vulnerabilities[vulnerability] ?? {}, { exploitable: true }),
  ],
  [
    "a rule without failures list",
    (r) =>
      r.result.policies.evaluations.push({
        identifier: "p",
        evaluation: "passed",
        bundles: [{ rules: [{ ruleId: "1" }] }],
      }),
  ],
];

describe("the judge of report v1", () => {
  it("finds nothing in a sound report", () => expect(faultsOfReportV1(sound())).toEqual([]));

  it.each(breakages)("sees %s", (_, spoil) => {
    const report = sound();
    spoil(report);
    expect(faultsOfReportV1(report)).not.toEqual([]);
  });

  const folder = sharedData("reference-results", "v1");
  it.skipIf(folder === null)("agrees with the real files (skipped without shared data)", () => {
    const found: Record<string, number> = {};
    for (const name of readdirSync(folder ?? "")) {
      found[name] = faultsOfReportV1(JSON.parse(readFileSync(join(folder ?? "", name), "utf8"))).length;
    }
    // The odd one of CLI 1.22.2 has digests as layerRef, which breaks a client (contract, rule 2), and no riskAcceptRefs.
    const { "results-v1-cli-1.22.2.json": odd, ...others } = found;
    expect(odd).toBeGreaterThan(200);
    expect(others).toEqual(Object.fromEntries(Object.keys(others).map((name) => [name, 0])));
  });
});
