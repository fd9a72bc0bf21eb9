import { z } from "zod";
import {
  wireBag,
  wireBaseline,
  wireBundleType,
  wireDate,
  wireFailureType,
  wireInfo,
  wireKnowledge,
  wireLabels,
  wirePackageType,
  wireProblem,
  wireRiskAccept,
  wireScanner,
  wireUtcInstant,
} from "./wire.ts";

/** Capitalised: Harbor copies the word into its own enum (contract 2.5). */
export const severityV0 = z.enum(["Critical", "High", "Medium", "Low", "Negligible"]);

/** Number of distinct (CVE × package). */
export const countsV0 = z.object({
  critical: z.int(),
  high: z.int(),
  medium: z.int(),
  low: z.int(),
  negligible: z.int(),
});

const acceptedRisks = z.array(z.object({ index: z.int(), ref: z.string(), id: z.string() })).optional();

export const vulnV0 = z.object({
  name: z.string(),
  severity: z.object({ value: severityV0, sourceName: z.string() }),
  cvssScore: z.object({
    value: z.object({ version: z.string(), score: z.number().min(0).max(10), vector: z.string() }),
    sourceName: z.string(),
  }),
  disclosureDate: wireDate,
  solutionDate: wireDate.optional(),
  exploitable: z.boolean(),
  fixedInVersion: z.string().optional(),
  publishDateByVendor: z.record(z.string(), wireDate).optional(),
  /** `cisakev.dueDate`, `cisakev.knownRansomwareCampaignUse` as texts. */
  annotations: z.record(z.string(), z.string()).optional(),
  acceptedRisks,
  /** Ours: nobody rates it (decision 6). */
  unrated: z.literal(true).optional(),
});

export const packageV0 = z.object({
  type: wirePackageType,
  name: z.string(),
  version: z.string().min(1),
  path: z.string(),
  /** With layer analysis only. */
  layerDigest: z.string().optional(),
  suggestedFix: z.string().optional(),
  /** Absent when there are none: `null` crashes DefectDojo (contract 3.8). */
  vulns: z.array(vulnV0).optional(),
});

const packageFailureV0 = z.object({
  pkgIndex: z.int(),
  vulnInPkgIndex: z.int(),
  ref: z.string(),
  description: z.string(),
  acceptedRisks,
});

const configFailureV0 = z.object({ remediation: z.string(), Arguments: wireBag });

export const ruleV0 = z.object({
  ruleId: z.int().optional(),
  ruleType: z.string(),
  failureType: wireFailureType,
  description: z.string(),
  failures: z.array(z.union([packageFailureV0, configFailureV0])).optional(),
  evaluationResult: z.enum(["passed", "failed", "accepted", "notApplicable"]),
  predicates: z.array(z.object({ type: z.string(), extra: wireBag.optional() })),
});

export const policyV0 = z.object({
  name: z.string(),
  identifier: z.string(),
  type: z.enum(["alwaysApply", ""]),
  bundles: z.array(
    z.object({
      name: z.string(),
      identifier: z.string(),
      type: wireBundleType,
      rules: z.array(ruleV0),
      createdAt: wireUtcInstant,
      updatedAt: wireUtcInstant,
    }),
  ),
  acceptedRiskTotal: z.int(),
  evaluationResult: z.enum(["passed", "failed"]),
  createdAt: wireUtcInstant,
  updatedAt: wireUtcInstant,
});

export const layerV0 = z.object({
  digest: z.string().optional(),
  size: z.int().optional(),
  command: z.string(),
  vulns: countsV0.partial(),
  runningVulns: countsV0.partial(),
  baseImages: z.array(z.unknown()),
});

/** The object under `result`: also the API's v1beta1 full result (contract 2.5). */
export const resultV0 = z.object({
  type: z.literal("dockerImage"),
  metadata: z.object({
    pullString: z.string(),
    imageId: z.string(),
    digest: z.string(),
    baseOs: z.string(),
    size: z.int(),
    os: z.string(),
    architecture: z.string(),
    labels: wireLabels.optional(),
    layersCount: z.int(),
    createdAt: wireUtcInstant,
  }),
  vulnTotalBySeverity: countsV0,
  fixableVulnTotalBySeverity: countsV0,
  exploitsCount: z.int(),
  packages: z.array(packageV0),
  layers: z.array(layerV0).optional(),
  policyEvaluations: z.array(policyV0),
  policyEvaluationsResult: z.enum(["passed", "failed"]),
  riskAcceptanceDefinitions: z.array(wireRiskAccept).optional(),
  /** Ours: false when a clean answer could be false (decision 1). */
  complete: z.boolean().optional(),
  /** Ours. */
  problems: z.array(wireProblem).optional(),
  /** Ours. */
  knowledge: wireKnowledge.optional(),
  /** Ours: present when a baseline was applied. */
  baseline: wireBaseline.optional(),
});

/** Report v0 (the vendor's `v1beta1`) of scanner 1.4 and later (contract 2.5). Reads leniently: keys it does not know are dropped. */
export const reportV0 = z.object({ info: wireInfo, scanner: wireScanner, result: resultV0 });

export type ReportV0 = z.infer<typeof reportV0>;
export type ResultV0 = z.infer<typeof resultV0>;
export type PackageV0 = z.infer<typeof packageV0>;
export type VulnV0 = z.infer<typeof vulnV0>;
export type LayerV0 = z.infer<typeof layerV0>;
export type PolicyV0 = z.infer<typeof policyV0>;
export type RuleV0 = z.infer<typeof ruleV0>;
export type CountsV0 = z.infer<typeof countsV0>;
