import { z } from "zod";
import {
  wireBag,
  wireBaseline,
  wireBundleType,
  wireDate,
  wireFailureType,
  wireInfo,
  wireInstant,
  wireKnowledge,
  wireLabels,
  wirePackageType,
  wirePolicyResult,
  wireProblem,
  wireRiskAccept,
  wireRuleResult,
  wireScanner,
  wireUtcInstant,
} from "./wire.ts";

/** LSP's closed enum: unrated is `medium` with `unrated: true` (decision 6). */
export const severityV1 = z.enum(["critical", "high", "medium", "low", "negligible"]);

const refs = z.array(z.string()).nullable();

const cvssV1 = z.object({ score: z.number().min(0).max(10), version: z.string(), vector: z.string() });

const providerV1 = z.object({
  severity: z.string().optional(),
  publicationDate: wireInstant.optional(),
  cvssScore: cvssV1
    .extend({ exploitability_score: z.number().optional(), impact_score: z.number().optional() })
    .optional(),
  /** Only under `first.org`. */
  epssScore: z.object({ score: z.number(), percentile: z.number(), timestamp: wireInstant }).optional(),
});

export const vulnerabilityV1 = z.object({
  name: z.string(),
  packageRef: z.uuid(),
  severity: severityV1,
  exploitable: z.boolean(),
  cvssScore: cvssV1,
  disclosureDate: wireDate,
  solutionDate: wireDate.optional(),
  fixVersion: z.string().optional(),
  mainProvider: z.string().optional(),
  riskAcceptRefs: refs,
  exploit: z.object({ publicationDate: wireInstant.optional(), links: z.array(z.string()) }).optional(),
  cisaKev: z
    .object({ publishDate: wireInstant.optional(), dueDate: wireInstant, knownRansomwareCampaignUse: z.boolean() })
    .optional(),
  providersMetadata: z.record(z.string(), providerV1).nullable(),
  /** Ours: nobody rates it. */
  unrated: z.literal(true).optional(),
  /** Ours: the disclosure date is a guess (decision 6). */
  dateEstimated: z.literal(true).optional(),
  /** Ours: the other ids of the same flaw. */
  aliases: z.array(z.string()).optional(),
  /** Ours: `fixed`, `not-fixed`, `wont-fix` or `unknown`. */
  fixState: z.string().optional(),
  /** Ours: how it stands to the baseline that was applied. */
  baselineState: z.enum(["new", "worsened", "known"]).optional(),
});

export const packageV1 = z.object({
  name: z.string(),
  /** `unknown` when nothing tells it: scan-action refuses an empty one. */
  version: z.string().min(1),
  type: wirePackageType,
  path: z.string().optional(),
  /** A key of `layers`, never a digest (client rule 2); absent on hosts. */
  layerRef: z.string().optional(),
  isRemoved: z.boolean(),
  isRunning: z.boolean(),
  license: z.string().optional(),
  suggestedFix: z.string().optional(),
  vulnerabilitiesRefs: refs,
  riskAcceptRefs: refs.optional(),
  /** Ours: the true ecosystem (decision 22). */
  ecosystem: z.string().optional(),
  /** Ours. */
  purl: z.string().optional(),
  /** Ours: lowest version that clears everything fixable; `suggestedFix` follows the reference's rule. */
  clearsAll: z.string().optional(),
});

export const layerV1 = z.object({
  command: z.string().nullable(),
  /** diffID; `""` where the history row has no file system (client rule 3). */
  digest: z.string(),
  index: z.int(),
  size: z.int().nullable(),
  baseImagesRef: z.array(z.string()).optional(),
});

const imageMetadataV1 = z.object({
  pullString: z.string(),
  imageId: z.string(),
  digest: z.string().optional(),
  baseOs: z.string(),
  os: z.string(),
  architecture: z.string(),
  author: z.string(),
  createdAt: wireUtcInstant,
  size: z.int(),
  labels: wireLabels.optional(),
});

const hostMetadataV1 = z.object({
  hostId: z.string(),
  hostName: z.string(),
  os: z.string(),
  architecture: z.string().optional(),
});

const packageFailureV1 = z.object({
  description: z.string(),
  packageRef: z.string(),
  vulnerabilityRef: z.string().optional(),
  riskAcceptRefs: z.array(z.string()).optional(),
});

const configFailureV1 = z.object({
  remediation: z.string(),
  arguments: wireBag,
  riskAcceptRefs: z.array(z.string()).optional(),
});

export const ruleV1 = z.object({
  ruleId: z.string(),
  ruleType: z.string(),
  description: z.string(),
  failureType: wireFailureType,
  evaluationResult: wireRuleResult,
  predicates: z.array(z.object({ type: z.string(), extra: wireBag })),
  /** `[]`, never absent (client rule 3). */
  failures: z.array(z.union([packageFailureV1, configFailureV1])),
});

export const policyV1 = z.object({
  identifier: z.string(),
  name: z.string(),
  description: z.string(),
  evaluation: wirePolicyResult,
  createdAt: wireUtcInstant,
  updatedAt: wireUtcInstant,
  bundles: z.array(
    z.object({ identifier: z.string(), name: z.string(), type: wireBundleType, rules: z.array(ruleV1) }),
  ),
});

const attachmentV1 = z.object({
  kind: z.string(),
  mediaType: z.string(),
  type: z.string(),
  digest: z.string(),
  size: z.number().int().nonnegative(),
  via: z.string(),
});

/** The object under `result`: also the API's full scan result (contract 2.4, appendix A). */
export const resultV1 = z.object({
  assetType: z.enum(["containerImage", "host"]),
  stage: z.enum(["pipeline", "registry", "runtime"]),
  producer: z.object({ producedAt: wireInstant }),
  metadata: z.union([imageMetadataV1, hostMetadataV1]),
  layers: z.record(z.string(), layerV1),
  baseImages: z.record(z.string(), z.object({ pullStrings: z.array(z.string()) })),
  packages: z.record(z.uuid(), packageV1),
  vulnerabilities: z.record(z.uuid(), vulnerabilityV1),
  policies: z.object({ globalEvaluation: wirePolicyResult, evaluations: z.array(policyV1) }),
  /** `{}`, never absent (client rule 3). */
  riskAccepts: z.record(z.uuid(), wireRiskAccept),
  /** Ours: how the source was reached. */
  source: z
    .object({
      kind: z.string(),
      transport: z.string(),
      name: z.string(),
      /** What lies beside the image in its registry; absent: nobody looked. */
      attachments: z.array(attachmentV1).optional(),
    })
    .optional(),
  /** Ours: false when a clean answer could be false (decision 1). */
  complete: z.boolean().optional(),
  /** Ours: earliest moment at which the verdict can change although no data does (decision 10). */
  validUntil: wireInstant.nullable().optional(),
  /** Ours. */
  problems: z.array(wireProblem).optional(),
  /** Ours. */
  knowledge: wireKnowledge.optional(),
  /** Ours: present when a baseline was applied. */
  baseline: wireBaseline.optional(),
});

/** Report v1 as the scanner writes it (contract 2.4). Reads leniently: keys it does not know are dropped. */
export const reportV1 = z.object({ info: wireInfo, scanner: wireScanner, result: resultV1 });

export type ReportV1 = z.infer<typeof reportV1>;
export type ResultV1 = z.infer<typeof resultV1>;
export type PackageV1 = z.infer<typeof packageV1>;
export type VulnerabilityV1 = z.infer<typeof vulnerabilityV1>;
export type LayerV1 = z.infer<typeof layerV1>;
export type PolicyV1 = z.infer<typeof policyV1>;
export type RuleV1 = z.infer<typeof ruleV1>;
