import type { Job } from "@plimsoll/contract";
import { queryOptions } from "@tanstack/react-query";
import { ask, type Query } from "./client.ts";
import { cursorQuery } from "./list-page.ts";

const path = "/secure/vulnerability/v1/jobs";

/** What a job is asked for in words of the API. */
export const jobStates = ["queued", "running", "done", "failed", "cancelled", "dead"] as const;

/** Jobs, the newest first; `mine`: those that one has asked for oneself. */
export function jobsQuery(query: Query) {
  return cursorQuery<Job>(path, query);
}

/** One job, asked for until it ends: each answer waits at the server for news, 20 s at most. */
export function jobQuery(id: string) {
  return queryOptions({
    queryKey: [path, "one", id],
    queryFn: async ({ signal, client, queryKey }) => {
      const before = client.getQueryData<Job>(queryKey);
      const news = before === undefined || isOver(before) ? {} : { wait: 20, version: before.version };
      return ask<Job>(`${path}/${encodeURIComponent(id)}`, { query: news, signal });
    },
    refetchInterval: ({ state: { data, error } }) => followAgainIn(data, error),
    refetchIntervalInBackground: true,
    staleTime: 0,
  });
}

/** ms; `false`: there is nothing more to follow. */
function followAgainIn(job: Job | undefined, error: Error | null): number | false {
  if (error !== null) return 5000;
  return job === undefined || isOver(job) ? false : 100;
}

export function isOver({ state }: Pick<Job, "state">): boolean {
  return state !== "queued" && state !== "running";
}

export function cancelJob(id: string): Promise<Job> {
  return ask<Job>(`${path}/${id}/cancel`, { method: "POST" });
}

export function retryJob(id: string): Promise<Job> {
  return ask<Job>(`${path}/${id}/retry`, { method: "POST" });
}

export function deleteJob(id: string): Promise<void> {
  return ask<void>(`${path}/${id}`, { method: "DELETE" });
}

/** Has an image pulled and scanned by the server; the id of the job to follow. */
export async function scanNow(image: string, platform: string): Promise<string> {
  const body = { image, ...(platform !== "" && { platform }) };
  const { jobId } = await ask<{ jobId: string }>("/secure/vulnerability/v1/scan-now", { method: "POST", body });
  return jobId;
}
