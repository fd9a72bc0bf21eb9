import type { AssetRow, Grouping, ResultGroups } from "@plimsoll/contract";
import { queryOptions } from "@tanstack/react-query";
import { ask, type Query } from "./client.ts";

const base = "/secure/vulnerability/v1";

type Stage = "pipeline" | "registry" | "runtime";

export interface ListPart<Row> {
  readonly page: { readonly total: number; readonly totalIsAtLeast?: true; readonly next?: string };
  readonly data: readonly Row[];
}

/** Rows of a part; more, and a part of a list would take longer than a blink. */
export const rowsOfPart = 100;

/** Where the rows of a stage are asked for. */
export function listPathOf(stage: Stage): string {
  return `${base}/${stage}-results`;
}

/** One part of a list: the first, or the one behind a cursor. Parts far away are soon forgotten. */
export function listPartQuery<Row>(path: string, query: Query, cursor: string | undefined) {
  return queryOptions({
    queryKey: [path, query, cursor ?? ""],
    queryFn: ({ signal }) => ask<ListPart<Row>>(path, { query: { ...query, limit: rowsOfPart, cursor }, signal }),
    ...(cursor !== undefined && { gcTime: 5000, staleTime: 300_000 }),
  });
}

/** Numbers of a list and of its parts. `like`: part of their names. */
export function groupsQuery(asked: {
  readonly stage: Stage;
  readonly by?: Grouping | undefined;
  readonly filter?: string | undefined;
  readonly like?: string | undefined;
  readonly limit?: number | undefined;
}) {
  return queryOptions({
    queryKey: ["groups", asked],
    queryFn: ({ signal }) => ask<ResultGroups>(`${base}/result-groups`, { query: { ...asked }, signal }),
  });
}

/** Whatever was seen anywhere, the worst first. */
export function assetsQuery(query: { readonly filter?: string | undefined; readonly limit: number }) {
  return queryOptions({
    queryKey: ["assets", query],
    queryFn: ({ signal }) => ask<ListPart<AssetRow>>(`${base}/search/assets`, { query: { ...query }, signal }),
  });
}
