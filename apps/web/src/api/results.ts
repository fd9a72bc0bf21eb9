import { infiniteQueryOptions } from "@tanstack/react-query";
import type { Counts } from "../ui/severity.ts";
import type { VerdictWord } from "../ui/verdict.tsx";
import { ask, type Query } from "./client.ts";

interface Listed<Row> {
  readonly page: { readonly total: number; readonly next?: string };
  readonly data: readonly Row[];
}

export interface PipelineRow {
  readonly resultId: string;
  readonly createdAt: string;
  readonly imageId: string;
  readonly pullString: string;
  readonly policyEvaluationResult: VerdictWord;
  readonly vulnTotalBySeverity: Counts;
}

const pageSize = 200;

/** Results of pipelines, page after page. */
export function pipelineQuery(query: Query) {
  return listQuery<PipelineRow>("/secure/vulnerability/v1/pipeline-results", query);
}

function listQuery<Row>(path: string, query: Query) {
  return infiniteQueryOptions({
    queryKey: [path, query],
    queryFn: ({ pageParam, signal }) =>
      ask<Listed<Row>>(path, { query: { ...query, limit: pageSize, cursor: pageParam }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ page }) => page.next,
    placeholderData: (before) => before,
  });
}
