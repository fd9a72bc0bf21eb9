import type { FullResult, Recommendations, ResultNow, ResultVulnerability } from "@plimsoll/contract";
import { queryOptions } from "@tanstack/react-query";
import { ask } from "./client.ts";

const base = "/secure/vulnerability/v1/results";

/** One result, whole. */
export function resultQuery(id: string) {
  return queryOptions({
    queryKey: ["result", id],
    queryFn: ({ signal }) => ask<FullResult>(`${base}/${encodeURIComponent(id)}`, { signal }),
    staleTime: 300_000,
  });
}

/** The same, judged with what is known today, and what differs. */
export function resultNowQuery(id: string) {
  return queryOptions({
    queryKey: ["result", id, "now"],
    queryFn: ({ signal }) => ask<ResultNow>(`${base}/${encodeURIComponent(id)}/now`, { signal }),
    staleTime: 300_000,
  });
}

/** What to do about it first. */
export function recommendationsQuery(id: string) {
  return queryOptions({
    queryKey: ["result", id, "recommendations"],
    queryFn: ({ signal }) => ask<Recommendations>(`${base}/${encodeURIComponent(id)}/recommendations`, { signal }),
    staleTime: 300_000,
  });
}

/** All that is known of one vulnerability, and why it matches packages of this result. */
export function resultVulnerabilityQuery(id: string, name: string) {
  return queryOptions({
    queryKey: ["result", id, "vulnerability", name],
    queryFn: ({ signal }) =>
      ask<ResultVulnerability>(`${base}/${encodeURIComponent(id)}/vulnerabilities/${encodeURIComponent(name)}`, {
        signal,
      }),
    staleTime: 300_000,
  });
}
