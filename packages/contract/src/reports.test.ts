import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { sharedData } from "@plimsoll/testkit";
import { describe, expect, it } from "vitest";
import { reportV0 } from "./report-v0.ts";
import { reportV1 } from "./report-v1.ts";
import { wireInfo } from "./wire.ts";

const realV1 = sharedData("reference-results", "v1");
const realV0 = sharedData("reference-results", "v0");

describe("report v1", () => {
  it.skipIf(realV1 === null)("knows every key of the six real reports (skipped without ../shared/data)", () => {
    const names = readdirSync(realV1 ?? "").filter((name) => name.endsWith(".json"));
    expect(names).toHaveLength(6);
    for (const name of names) {
      const real: unknown = JSON.parse(readFileSync(join(realV1 ?? "", name), "utf8"));
      expect(reportV1.parse(real), name).toEqual(real);
    }
  });

  it.each<[string, (report: Draft) => void]>([
    ["an unknown severity", (report) => (vulnerability(report).severity = "unknown")],
    ["a package type outside the closed list", (report) => (pkg(report).type = "erlang")],
    ["failures that are absent", (report) => delete rule(report).failures],
    ["risk accepts that are null", (report) => (report.result.riskAccepts = null)],
    ["a layer without a digest text", (report) => (report.result.layers["00112233aabbccdd"].digest = null)],
    ["a rule id that is a number", (report) => (rule(report).ruleId = 17)],
    ["a disclosure date with a time", (report) => (vulnerability(report).disclosureDate = "2024-01-01T00:00:00Z")],
    ["a creation time with an offset", (report) => (report.result.metadata.createdAt = "2024-01-01T00:00:00+01:00")],
    ["another failure type", (report) => (rule(report).failureType = "secretFailure")],
    ["labels that are null", (report) => (report.result.metadata.labels = null)],
  ])("refuses %s", (_, spoil) => {
    const report = minimalV1();
    expect(reportV1.safeParse(report).success).toBe(true);
    spoil(report);
    expect(reportV1.safeParse(report).success).toBe(false);
  });
});

describe("report v0", () => {
  it.skipIf(realV0 === null)(
    "knows every key of the two real reports since 1.4 (skipped without ../shared/data)",
    () => {
      for (const name of ["azure-task-sample.json", "results.json"]) {
        const real: unknown = JSON.parse(readFileSync(join(realV0 ?? "", name), "utf8"));
        expect(reportV0.parse(real), name).toEqual(real);
      }
    },
  );

  it.skipIf(realV0 === null)("refuses the older shape of 1.3 (skipped without ../shared/data)", () => {
    const old: unknown = JSON.parse(readFileSync(join(realV0 ?? "", "scan-output-cli-1.3.json"), "utf8"));
    expect(reportV0.safeParse(old).success).toBe(false);
  });
});

describe("scan duration", () => {
  it.each(["10.413926974s", "1m5.2s", "350ms", "0s", "1h0m0s"])("accepts the Go duration %s", (scanDuration) => {
    expect(wireInfo.safeParse({ scanTime: "2025-10-27T09:09:07.847678363+01:00", scanDuration }).success).toBe(true);
  });

  it.each(["", "10", "s", "ten"])("refuses %j", (scanDuration) => {
    expect(wireInfo.safeParse({ scanTime: "2025-10-27T09:09:07Z", scanDuration }).success).toBe(false);
  });
});

// biome-ignore lint/suspicious/noExplicitAny: the drafts are spoiled on purpose
type Draft = any;

const packageId = "0097a23a-571a-4263-b3f0-426e4dd2cb66";
const findingId = "01fed3f4-2d11-4944-9a2f-952aef0eac9d";

function pkg(report: Draft): Draft {
  return report.result.packages[packageId];
}

function vulnerability(report: Draft): Draft {
  return report.result.vulnerabilities[findingId];
}

function rule(report: Draft): Draft {
  return report.result.policies.evaluations[0].bundles[0].rules[0];
}

function minimalV1(): Draft {
  const at = "2026-01-02T03:04:05Z";
  return {
    info: { scanTime: at, scanDuration: "1.5s" },
    scanner: { name: "plimsoll", version: "0.1.0" },
    result: {
      assetType: "containerImage",
      stage: "pipeline",
      producer: { producedAt: at },
      metadata: {
        pullString: "a:1",
        imageId: `sha256:${"a".repeat(64)}`,
        digest: "",
        baseOs: "alpine 3.20.3",
        os: "linux",
        architecture: "amd64",
        author: "",
        createdAt: at,
        size: 1,
        labels: {},
      },
      layers: { "00112233aabbccdd": { command: "ADD", digest: "", index: 0, size: null } },
      baseImages: {},
      packages: {
        [packageId]: {
          name: "musl",
          version: "1",
          type: "os",
          layerRef: "00112233aabbccdd",
          isRemoved: false,
          isRunning: false,
          vulnerabilitiesRefs: [findingId],
        },
      },
      vulnerabilities: {
        [findingId]: {
          name: "CVE-2024-1",
          packageRef: packageId,
          severity: "low",
          exploitable: false,
          cvssScore: { score: 1, version: "3.1", vector: "" },
          disclosureDate: "2024-01-01",
          riskAcceptRefs: null,
          providersMetadata: null,
        },
      },
      policies: {
        globalEvaluation: "passed",
        evaluations: [
          {
            identifier: "p",
            name: "P",
            description: "",
            evaluation: "passed",
            createdAt: at,
            updatedAt: at,
            bundles: [
              {
                identifier: "b",
                name: "B",
                type: "custom",
                rules: [
                  {
                    ruleId: "1",
                    ruleType: "vulnSeverityAndThreats",
                    description: "",
                    failureType: "pkgVulnFailure",
                    evaluationResult: "passed",
                    predicates: [],
                    failures: [],
                  },
                ],
              },
            ],
          },
        ],
      },
      riskAccepts: {},
    },
  };
}
