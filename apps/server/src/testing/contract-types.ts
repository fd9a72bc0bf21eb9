/**
 * The types of the reference's generated client (contract, appendix A), written a second time and apart from
 * `@plimsoll/contract`: what our schemas say of themselves proves nothing. Each field that the reference does not have
 * must be named as ours.
 */
import { z } from "zod";

/** `Type.field` of everything that was read and had a value. */
export const met = new Set<string>();

/** `Type.field` of everything there is. */
export const declared = new Set<string>();

/** A type of the contract; `ours` are the fields that we add, of which nothing is said. */
export function type<S extends z.ZodRawShape>(name: string, shape: S, ours: readonly string[] = []) {
  for (const field of Object.keys(shape)) declared.add(`${name}.${field}`);
  const added = Object.fromEntries(ours.map((field) => [field, z.unknown().optional()]));
  const given = z.strictObject(shape).extend(added);
  return given.superRefine((value) => {
    for (const [field, held] of Object.entries(value)) if (held !== null) met.add(`${name}.${field}`);
  });
}

const text = z.string();
const instant = z.iso.datetime({ offset: true });
const date = z.iso.date();
const refs = z.array(text).nullable();
const bag = z.record(text, z.unknown());
const policyResult = z.enum(["accepted", "failed", "noPolicy", "notApplicable", "passed"]);
const evaluation = policyResult.exclude(["notApplicable"]);
const listOf = (data: z.ZodType, page: z.ZodType) => z.strictObject({ data: z.array(data), page });

const VulnTotalBySeverity = type("VulnTotalBySeverity", {
  critical: z.int(),
  high: z.int(),
  medium: z.int(),
  low: z.int(),
  negligible: z.int(),
});
const page = type("VulnerabilityManagementPage", { next: text.optional(), total: z.int() }, ["totalIsAtLeast"]);
const seen = { resultId: text, vulnTotalBySeverity: VulnTotalBySeverity };
const image = { ...seen, createdAt: instant, imageId: text, pullString: text };
const marks = ["exploitable", "fixable", "isComplete"];
const PipelineResult = type("PipelineResult", { ...image, policyEvaluationResult: policyResult }, ["sbomId", ...marks]);
const RegistryResult = type("RegistryResult", { ...image, vendor: text }, [
  "assetId",
  "sbomId",
  "policyEvaluationResult",
  "scope",
  ...marks,
]);
const RuntimeResult = type(
  "RuntimeResult",
  {
    ...seen,
    isRiskSpotlightEnabled: z.boolean(),
    mainAssetName: text,
    policyEvaluationResult: policyResult,
    resourceId: text,
    runningVulnTotalBySeverity: VulnTotalBySeverity,
    sbomId: text.nullable(),
    scope: bag,
  },
  ["assetId", "createdAt", ...marks],
);

const Layer = type("Layer", {
  baseImagesRef: z.array(text).optional(),
  command: text.nullable(),
  digest: text,
  index: z.int().optional(),
  size: z.int().nullable(),
});
const architectures = ["amd64", "arm", "arm64", "loong64", "mips", "mips64", "mips64le", "mipsle", "386", "ppc64"];
const ImageMetadata = type("ImageMetadata", {
  architecture: z.enum([...architectures, "ppc64le", "riscv64", "s390x", "wasm"]),
  author: text,
  baseOs: text,
  createdAt: instant,
  digest: text.optional(),
  imageId: text,
  labels: bag.optional(),
  os: text,
  pullString: text,
  size: z.int(),
});
const HostMetadata = type("HostMetadata", { architecture: text.optional(), hostId: text, hostName: text, os: text });
const Package = type(
  "Package",
  {
    isRemoved: z.boolean().optional(),
    isRunning: z.boolean().optional(),
    layerRef: text.optional(),
    license: text.optional(),
    name: text,
    path: text.optional(),
    riskAcceptRefs: refs,
    suggestedFix: text.optional(),
    type: text,
    version: text,
    vulnerabilitiesRefs: refs,
  },
  ["ecosystem", "purl", "clearsAll"],
);
const Vulnerability = type(
  "Vulnerability",
  {
    cisaKev: bag.optional(),
    cvssScore: type("CvssScore", { score: z.number(), vector: text.optional(), version: text }),
    disclosureDate: date.optional(),
    exploit: type("Exploit", { links: z.array(text), publicationDate: instant.optional() }).optional(),
    exploitable: z.boolean(),
    fixVersion: text.optional(),
    mainProvider: text.optional(),
    name: text,
    packageRef: text.optional(),
    providersMetadata: bag.nullable(),
    riskAcceptRefs: refs,
    severity: z.enum(["critical", "high", "low", "medium", "negligible"]),
    solutionDate: date.optional(),
  },
  ["unrated", "dateEstimated", "aliases", "fixState", "baselineState"],
);
const failed = {
  packageRef: text.optional(),
  riskAcceptRefs: z.array(text).optional(),
  vulnerabilityRef: text.optional(),
};
const Failure = z.union([
  type("ImageConfigFailure", { ...failed, arguments: bag, description: text.optional(), remediation: text }),
  type("PkgVulnFailure", { ...failed, description: text }),
]);
const Rule = type("Rule", {
  description: text,
  evaluationResult: policyResult.exclude(["noPolicy"]).optional(),
  failureType: z.enum(["imageConfigFailure", "pkgVulnFailure"]),
  failures: z.array(Failure).optional(),
  predicates: z.array(type("Predicate", { extra: bag.nullable(), type: text.optional() })).nullable(),
  ruleId: text.optional(),
  ruleType: text,
});
const Bundle = type("Bundle", {
  identifier: text,
  name: text,
  rules: z.array(Rule),
  type: z.enum(["custom", "predefined"]),
});
const PolicyEvaluation = type("PolicyEvaluation", {
  bundles: z.array(Bundle),
  createdAt: instant,
  description: text.optional(),
  evaluation,
  identifier: text,
  name: text,
  updatedAt: instant,
});
const RiskAcceptanceDefinition = type("RiskAcceptanceDefinition", {
  context: z.array(z.strictObject({ type: text, value: text })),
  createdAt: instant,
  description: text.optional(),
  entityType: text,
  entityValue: text,
  expirationDate: date.nullable(),
  id: text,
  reason: text.optional(),
  status: z.enum(["active", "expired"]),
  updatedAt: instant,
});
const added = ["resultId", "sbomId", "isFrozen", "nowKnown", "source", "complete", "validUntil", "problems"];
export const ScanResultResponse = type(
  "ScanResultResponse",
  {
    assetType: z.enum(["containerImage", "host"]),
    baseImages: z.record(text, z.strictObject({ pullStrings: z.array(text).optional() })).nullable(),
    layers: z.record(text, Layer).optional(),
    metadata: z.union([ImageMetadata, HostMetadata]),
    packages: z.record(text, Package),
    policies: type("Policies", { evaluations: z.array(PolicyEvaluation), globalEvaluation: evaluation }),
    producer: type("Producer", { producedAt: instant }),
    riskAccepts: z.record(text, RiskAcceptanceDefinition).optional(),
    stage: z.enum(["pipeline", "registry", "runtime"]),
    vulnerabilities: z.record(text, Vulnerability).optional(),
  },
  [...added, "knowledge", "baseline"],
);
export const PipelineResultsResponse = listOf(PipelineResult, page);
export const RegistryResultsResponse = listOf(RegistryResult, page);
export const RuntimeResultsResponse = listOf(RuntimeResult, page);
export const ApiError = type("Error", { details: z.array(text), message: text, type: text });
