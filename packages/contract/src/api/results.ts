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
        vulnTotalBySeverity,
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
        vulnTotalBySeverity,
        runningVulnTotalBySeverity: vulnTotalBySeverity,
      }),
    ),
  })
  .meta({ id: "RuntimeResultsResponse" });

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
