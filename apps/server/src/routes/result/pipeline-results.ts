import { pipelineListQuery, pipelineResultsAnswer, pipelineResultsBetaAnswer } from "@plimsoll/contract";
import { listPipelineResults } from "@plimsoll/platform";
import { route } from "../../route.ts";
import { fiveSeverities, imageIdText, pageOf, policyWord } from "./result-rows.ts";

export const pipelineResults = route({
  method: "GET",
  path: "/secure/vulnerability/v1/pipeline-results",
  permission: "results.read",
  summary: "Results of pipelines, newest first",
  schemas: { query: pipelineListQuery, answer: pipelineResultsAnswer },
  handle: async (services, { query, actor }) => {
    const listed = await listPipelineResults(services, actor, query);
    return {
      page: pageOf(listed),
      data: listed.rows.map(({ imageId, name, createdAt, policy, totals, ...row }) => ({
        ...row,
        createdAt: createdAt.toISOString(),
        imageId: imageIdText(imageId),
        pullString: name,
        policyEvaluationResult: policyWord(policy),
        vulnTotalBySeverity: fiveSeverities(totals),
      })),
    };
  },
});

/** Harbor polls for ever on any verdict but these two, and cuts names at their `@` (contract 1.1). */
export const pipelineResultsBeta = route({
  method: "GET",
  path: "/secure/vulnerability/v1beta1/pipeline-results",
  permission: "results.read",
  summary: "Results of pipelines, newest first, as Harbor's adapter reads them",
  schemas: { query: pipelineListQuery, answer: pipelineResultsBetaAnswer },
  handle: async (services, { query, actor }) => {
    const listed = await listPipelineResults(services, actor, query);
    return {
      page: pageOf(listed),
      data: listed.rows.map(({ resultId, imageId, name, createdAt, policy }) => ({
        resultId,
        imageId: imageIdText(imageId),
        policyEvaluationsResult: policy === "failed" ? ("failed" as const) : ("passed" as const),
        createdAt: createdAt.toISOString(),
        mainAssetName: name.includes("@") ? name : `${name}@${imageIdText(imageId)}`,
      })),
    };
  },
});
