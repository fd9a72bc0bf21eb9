import type { UpdateReport } from "./update-report.ts";

/** `<feed>/<file>` → when upstream last said that the copy in use is current: what `readFeeds` takes as `checked`. */
export function checkedDates(report: UpdateReport): ReadonlyMap<string, string> {
  const documents = report.feeds.flatMap(({ feed, documents }) => documents.map((document) => ({ feed, ...document })));
  return new Map(
    documents.flatMap(({ feed, file, checkedAt }) =>
      checkedAt === undefined ? [] : [[`${feed}/${file}`, checkedAt] as const],
    ),
  );
}
