import { z } from "zod";
import { wireUtcInstant } from "../wire.ts";
import { liveListQuery, resultPage, textWithoutNul, vulnTotalBySeverity } from "./results.ts";

const text = textWithoutNul(500).trim().min(1);
const severity = z.enum(["critical", "high", "medium", "low", "negligible", "unknown"]);

/** Query of the search over everything. */
export const searchQuery = z.object({
  q: text.describe(
    "beginning of a CVE or other id, a package's name, `name@version`, purl, part of an image's or workload's name, digest",
  ),
  limit: z.coerce.number().int().min(1).max(20).default(5),
});

/** Query of one part of it, page by page. */
export const searchPageQuery = z.object({
  q: text,
  cursor: z.string().max(2000).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});

const vulnerabilityFound = z
  .object({
    name: z.string(),
    severity: severity.describe("the worst that it is rated anywhere"),
    hasFix: z.boolean(),
    hasExploit: z.boolean(),
  })
  .meta({ id: "VulnerabilityFound" });
const packageFound = z
  .object({
    ecosystem: z.string().describe("`npm`, `debian:12`"),
    name: z.string(),
    versions: z.array(z.string()).describe("twenty at most"),
    versionCount: z.int(),
  })
  .meta({ id: "PackageFound" });
const assetFound = z
  .object({ assetId: z.string(), kind: z.string(), name: z.string(), imageId: z.string() })
  .meta({ id: "AssetFound" });

export const searchAnswer = z
  .object({
    vulnerabilities: z.array(vulnerabilityFound),
    packages: z.array(packageFound),
    images: z.array(assetFound),
    workloads: z.array(assetFound),
  })
  .meta({ id: "SearchResponse" });

const namesPage = z.object({ next: z.string().optional().describe("a page may be empty and still not the last") });

export const vulnerabilitiesFoundAnswer = z
  .object({ page: namesPage, data: z.array(vulnerabilityFound) })
  .meta({ id: "VulnerabilitiesFoundResponse" });
export const packagesFoundAnswer = z
  .object({ page: namesPage, data: z.array(packageFound) })
  .meta({ id: "PackagesFoundResponse" });

/** Query of everything seen anywhere. */
export const assetListQuery = liveListQuery;
export const assetsFoundAnswer = z
  .object({
    page: resultPage,
    data: z.array(
      assetFound.extend({
        resultId: z.string(),
        createdAt: wireUtcInstant,
        scope: z.record(z.string(), z.unknown()),
        policyEvaluationResult: z.string(),
        vulnTotalBySeverity,
        exploitable: z.int(),
        fixable: z.int(),
      }),
    ),
  })
  .meta({ id: "AssetsFoundResponse" });

const reach = z.object({
  images: z.int(),
  assets: z.int(),
  workloads: z.int(),
  hosts: z.int(),
  pipelines: z.int(),
  registryImages: z.int(),
  registries: z.int(),
  clusters: z.int(),
  teams: z.int(),
  bySeverity: z.array(z.object({ severity: severity.nullable(), images: z.int(), assets: z.int() })),
  broughtBy: z
    .array(
      z.object({
        chainId: z.string().nullable(),
        command: z.string(),
        images: z.int(),
        assets: z.int(),
        bases: z.array(z.string()),
      }),
    )
    .describe("layers that bring it, the most far-reaching first; fifty at most"),
  origins: z.int().describe("how many such layers there are"),
});

/** Whose reach is asked for. */
export const vulnerabilityReachParams = z.object({ id: textWithoutNul(200).min(1) });
export const packageReachQuery = z.object({ package: textWithoutNul(1000).min(1) });

/** What is affected now; every number is exact. */
export const packageReachAnswer = reach.meta({ id: "PackageReachResponse" });
export const vulnerabilityReachAnswer = reach
  .extend({ name: z.string(), aliases: z.array(z.string()) })
  .meta({ id: "VulnerabilityReachResponse" });

export const revisionReachAnswer = z
  .object({
    seq: z.int(),
    images: z.int(),
    assets: z.int(),
    vulnerabilities: z.array(z.object({ name: z.string(), images: z.int(), assets: z.int() })),
  })
  .meta({ id: "RevisionReachResponse" });

export type Found = z.infer<typeof searchAnswer>;
export type VulnerabilityReach = z.infer<typeof vulnerabilityReachAnswer>;
export type PackageReach = z.infer<typeof packageReachAnswer>;
export type AssetRow = z.infer<typeof assetsFoundAnswer>["data"][number];
