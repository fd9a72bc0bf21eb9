import { z } from "zod";
import { wireUtcInstant } from "../wire.ts";

/** How many rows a page has at most. */
const largestPage = 1000;

/** A text that PostgreSQL can be asked for. */
export function textWithoutNul(longest: number) {
  return z
    .string()
    .max(longest)
    .regex(/^[^\0]*$/, "a NUL is not allowed");
}

/** Query of a result list (contract 1.1). */
export const listQuery = z.object({
  cursor: z.string().max(2000).optional(),
  limit: z.coerce.number().int().min(1).max(largestPage).default(100),
  filter: textWithoutNul(10_000).optional(),
});

const order = z.enum(["asc", "desc"]).default("desc").describe("`desc`: worst or newest first");

/** Query of the list of frozen results. */
export const pipelineListQuery = listQuery.extend({
  sort: z
    .enum(["createdAt", "risk", "vulnTotalBySeverity", "name"])
    .default("createdAt")
    .describe("ours: pipelines' results come newest first; `risk`: exploits first, then severities, then count"),
  order,
});

/** Query of a list whose rows have no time of their own. */
export const liveListQuery = listQuery.extend({
  sort: z
    .enum(["risk", "vulnTotalBySeverity", "runningVulnTotalBySeverity", "name", "createdAt"])
    .default("risk")
    .describe("`risk` is ours: exploits first, then severities, then count"),
  order,
});

/** Five severities as clients know them: what nobody rates counts as medium (decision 6). */
export const vulnTotalBySeverity = z
  .object({
    critical: z.int(),
    high: z.int(),
    medium: z.int(),
    low: z.int(),
    negligible: z.int(),
  })
  .meta({ id: "VulnTotalBySeverity" });

/** `total` is exact up to 10,000. */
export const resultPage = z.object({
  next: z.string().optional(),
  total: z.int(),
  totalIsAtLeast: z.literal(true).optional().describe("ours: there are more than `total`; counting stopped there"),
});

const policyEvaluationResult = z.enum(["passed", "failed", "accepted", "noPolicy", "notApplicable"]);

const assetId = z.string().describe("ours: an asset, whatever results it has");
const marks = {
  exploitable: z.int().describe("ours: findings with a known exploit"),
  fixable: z.int().describe("ours: findings with a known fix"),
  isComplete: z
    .boolean()
    .nullable()
    .optional()
    .describe("ours: false: a clean answer could be false; null: unknown, of a result that is not its image's newest"),
};

export const pipelineResultsAnswer = z
  .object({
    page: resultPage,
    data: z.array(
      z.object({
        resultId: z.string(),
        sbomId: z.string().describe("ours: the bomIdentifier of its SBOM"),
        createdAt: wireUtcInstant,
        imageId: z.string(),
        pullString: z.string(),
        policyEvaluationResult,
        vulnTotalBySeverity,
        ...marks,
      }),
    ),
  })
  .meta({ id: "PipelineResultsResponse" });

export const registryResultsAnswer = z
  .object({
    page: resultPage,
    data: z.array(
      z.object({
        resultId: z.string(),
        assetId,
        sbomId: z.string().nullable().describe("ours: the bomIdentifier of its SBOM"),
        createdAt: wireUtcInstant,
        imageId: z.string(),
        pullString: z.string(),
        vendor: z.string(),
        policyEvaluationResult: policyEvaluationResult.describe("ours"),
        scope: z.record(z.string(), z.unknown()).describe("ours: its labels"),
        vulnTotalBySeverity,
        ...marks,
      }),
    ),
  })
  .meta({ id: "RegistryResultsResponse" });

export const runtimeResultsAnswer = z
  .object({
    page: resultPage,
    data: z.array(
      z.object({
        resultId: z.string(),
        assetId,
        mainAssetName: z.string(),
        resourceId: z.string(),
        sbomId: z.string().nullable().describe("bomIdentifier of its SBOM; null: not scanned yet"),
        isRiskSpotlightEnabled: z.boolean(),
        policyEvaluationResult,
        scope: z.record(z.string(), z.unknown()),
        createdAt: wireUtcInstant.describe("ours"),
        vulnTotalBySeverity,
        runningVulnTotalBySeverity: vulnTotalBySeverity,
        ...marks,
      }),
    ),
  })
  .meta({ id: "RuntimeResultsResponse" });

/** Query of a list as a file. */
export const pipelineFileQuery = pipelineListQuery.omit({ cursor: true, limit: true });
export const liveFileQuery = liveListQuery.omit({ cursor: true, limit: true });

/** By what a list can be taken apart. */
export const groupings = [
  "vendor",
  "registry",
  "repository",
  "tag",
  "type",
  "cluster",
  "namespace",
  "workload",
  "host",
  "policyStatus",
] as const;

/** Query of a list taken apart into groups. */
export const resultGroupsQuery = z.object({
  stage: z.enum(["pipeline", "registry", "runtime"]),
  by: z.enum(groupings).optional().describe("absent: the whole only"),
  filter: listQuery.shape.filter,
  like: textWithoutNul(500).optional().describe("part of the group's name"),
  limit: z.coerce.number().int().min(1).max(500).default(100),
});

const group = z.object({
  rows: z.int().describe("rows of the list"),
  images: z.int().describe("different images among them"),
  rowsBySeverity: vulnTotalBySeverity.describe("rows that have something of this severity"),
  exploitable: z.int().describe("rows that have something with a known exploit"),
  fixable: z.int().describe("rows that have something with a known fix"),
  failed: z.int().describe("rows whose policies failed"),
  incomplete: z
    .int()
    .describe("rows whose verdict could be wrong, because something could not be read or is not known"),
  newest: wireUtcInstant.nullable(),
});

/** Groups, the worst first; `value` null: what has no such label. */
export const resultGroupsAnswer = z
  .object({
    whole: group,
    data: z.array(group.extend({ value: z.string().nullable() })),
    groups: z.int().describe("how many there are"),
  })
  .meta({ id: "ResultGroupsResponse" });

/** The older list that Harbor's adapter reads (contract, rule 5): other field names, two verdicts only. */
export const pipelineResultsBetaAnswer = z
  .object({
    page: resultPage,
    data: z.array(
      z.object({
        resultId: z.string(),
        imageId: z.string(),
        policyEvaluationsResult: z.enum(["passed", "failed"]),
        createdAt: wireUtcInstant,
        mainAssetName: z.string(),
      }),
    ),
  })
  .meta({ id: "PipelineResultsBetaResponse" });

export type PipelineResultRow = z.infer<typeof pipelineResultsAnswer>["data"][number];
export type RegistryResultRow = z.infer<typeof registryResultsAnswer>["data"][number];
export type RuntimeResultRow = z.infer<typeof runtimeResultsAnswer>["data"][number];
export type ResultGroups = z.infer<typeof resultGroupsAnswer>;
export type Grouping = (typeof groupings)[number];
