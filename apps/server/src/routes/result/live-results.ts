import { liveListQuery, registryResultsAnswer, runtimeResultsAnswer } from "@plimsoll/contract";
import { listRegistryResults, listRuntimeResults } from "@plimsoll/platform";
import { route } from "../../route.ts";
import { fiveSeverities, imageIdText, pageOf, policyWord } from "./result-rows.ts";

export const registryResults = route({
  method: "GET",
  path: "/secure/vulnerability/v1/registry-results",
  permission: "results.read",
  summary: "Images of registries with what is known of them now, worst first",
  schemas: { query: liveListQuery, answer: registryResultsAnswer },
  handle: async (services, { query, actor }) => {
    const listed = await listRegistryResults(services, actor, query);
    return {
      page: pageOf(listed),
      data: listed.rows.map(({ imageId, name, scope, createdAt, policy, totals, kind: _, ...row }) => ({
        ...row,
        createdAt: createdAt.toISOString(),
        imageId: imageIdText(imageId),
        pullString: name,
        vendor: scope["registry.vendor"] ?? "",
        policyEvaluationResult: policyWord(policy),
        scope: { ...scope },
        vulnTotalBySeverity: fiveSeverities(totals),
      })),
    };
  },
});

/** Of what nobody looks at, none counts as running. */
const noneRunning = { critical: 0, high: 0, medium: 0, low: 0, negligible: 0 };

export const runtimeResults = route({
  method: "GET",
  path: "/secure/vulnerability/v1/runtime-results",
  permission: "results.read",
  summary: "Workloads and hosts with what is known of them now, worst first",
  schemas: { query: liveListQuery, answer: runtimeResultsAnswer },
  handle: async (services, { query, actor }) => {
    const listed = await listRuntimeResults(services, actor, query);
    return {
      page: pageOf(listed),
      data: listed.rows.map(({ imageId, kind, name, scope, createdAt, policy, totals, running, ...row }) => ({
        ...row,
        mainAssetName: name,
        resourceId: imageIdText(imageId),
        createdAt: createdAt.toISOString(),
        isRiskSpotlightEnabled: running !== null,
        policyEvaluationResult: policyWord(policy),
        scope: { "asset.type": kind, ...scope },
        vulnTotalBySeverity: fiveSeverities(totals),
        runningVulnTotalBySeverity: running === null ? noneRunning : fiveSeverities(running),
      })),
    };
  },
});
