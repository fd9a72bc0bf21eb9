import { infiniteQueryOptions } from "@tanstack/react-query";
import { ask, type Query } from "./client.ts";

interface CursorPage<Row> {
  readonly page: { readonly next?: string };
  readonly data: readonly Row[];
}

/** A list that is walked by its cursor, `pageSize` rows at a time. */
export function cursorQuery<Row>(path: string, query: Query, pageSize = 100) {
  return infiniteQueryOptions({
    queryKey: [path, query],
    queryFn: ({ pageParam, signal }) =>
      ask<CursorPage<Row>>(path, { query: { ...query, limit: pageSize, cursor: pageParam }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ page }) => page.next,
    placeholderData: (before) => before,
  });
}
