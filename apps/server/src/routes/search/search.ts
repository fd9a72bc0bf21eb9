import {
  assetListQuery,
  assetsFoundAnswer,
  packagesFoundAnswer,
  searchAnswer,
  searchPageQuery,
  searchQuery,
  vulnerabilitiesFoundAnswer,
} from "@plimsoll/contract";
import { type Severity, severities, severityRank } from "@plimsoll/model";
import { searchAll, searchAssets, searchPackages, searchVulnerabilities } from "@plimsoll/platform";
import { route } from "../../route.ts";
import { fiveSeverities, imageIdText, pageOf, policyWord } from "../result/result-rows.ts";

const permission = "results.read";

export const search = route({
  method: "GET",
  path: "/secure/vulnerability/v1/search",
  permission,
  summary: "A few of everything by a text: vulnerabilities, packages, images, workloads",
  schemas: { query: searchQuery, answer: searchAnswer },
  handle: async (services, { query: { q, limit }, actor }) => {
    const { vulnerabilities, packages, images, workloads } = await searchAll(services, actor, { text: q, limit });
    return {
      vulnerabilities: vulnerabilities.map(rated),
      packages: packages.map(copied),
      images: images.map(digested),
      workloads: workloads.map(digested),
    };
  },
});

export const vulnerabilitySearch = route({
  method: "GET",
  path: "/secure/vulnerability/v1/search/vulnerabilities",
  permission,
  summary: "Vulnerabilities that something has now, by the beginning of any of their ids",
  schemas: { query: searchPageQuery, answer: vulnerabilitiesFoundAnswer },
  handle: async (services, { query: { q, ...query }, actor }) => {
    const { rows, next } = await searchVulnerabilities(services, actor, { text: q, ...query });
    return { page: next === null ? {} : { next }, data: rows.map(rated) };
  },
});

export const packageSearch = route({
  method: "GET",
  path: "/secure/vulnerability/v1/search/packages",
  permission,
  summary: "Packages by the beginning of their name, by name@version or purl",
  schemas: { query: searchPageQuery, answer: packagesFoundAnswer },
  handle: async (services, { query: { q, ...query }, actor }) => {
    const { rows, next } = await searchPackages(services, actor, { text: q, ...query });
    return { page: next === null ? {} : { next }, data: rows.map(copied) };
  },
});

export const assetSearch = route({
  method: "GET",
  path: "/secure/vulnerability/v1/search/assets",
  permission,
  summary:
    "Everything seen anywhere with what is known of it now, filtered by vulnerability, package, place, name and more",
  schemas: { query: assetListQuery, answer: assetsFoundAnswer },
  handle: async (services, { query, actor }) => {
    const listed = await searchAssets(services, actor, query);
    return {
      page: pageOf(listed),
      data: listed.rows.map(({ createdAt, imageId, scope, policy, totals, ...row }) => ({
        ...row,
        createdAt: createdAt.toISOString(),
        imageId: imageIdText(imageId),
        scope: { ...scope },
        policyEvaluationResult: policyWord(policy),
        vulnTotalBySeverity: fiveSeverities(totals),
      })),
    };
  },
});

function rated<T extends { readonly severity: number }>({ severity, ...rest }: T) {
  return { ...rest, severity: wordOf(severity) };
}

function wordOf(rank: number): Severity {
  return severities.find((known) => severityRank(known) === rank) ?? "unknown";
}

function copied<T extends { readonly versions: readonly string[] }>({ versions, ...rest }: T) {
  return { ...rest, versions: [...versions] };
}

function digested<T extends { readonly imageId: string }>({ imageId, ...rest }: T) {
  return { ...rest, imageId: imageIdText(imageId) };
}
