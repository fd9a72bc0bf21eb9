import type { FeedHealth, Feeds } from "@plimsoll/contract";
import { queryOptions } from "@tanstack/react-query";
import { ask } from "./client.ts";

const path = "/secure/vulnerability/v1/feeds";

/** What is known, and how old it is. */
export const feedsQuery = queryOptions({
  queryKey: ["feeds"],
  queryFn: ({ signal }) => ask<Feeds>(path, { signal }),
});

/** How each feed fared when it was last fetched. */
export const feedHealthQuery = queryOptions({
  queryKey: ["feeds", "health"],
  queryFn: async ({ signal }) => (await ask<{ data: readonly FeedHealth[] }>(`${path}/health`, { signal })).data,
});

/** Has knowledge fetched now; the id of the job to follow. */
export async function updateFeeds(): Promise<string> {
  return (await ask<{ jobId: string }>(`${path}/update`, { method: "POST" })).jobId;
}
