import type { MatchDetail } from "@plimsoll/model";
import { formatRange } from "@plimsoll/versions";
import { fixDateOf, fixOf } from "./choose-fix.ts";
import type { Hit } from "./judge-record.ts";

/** How each advisory came to match, sorted by advisory; the same row reached under two names is told once. */
export function matchDetails(hits: readonly Hit[]): MatchDetail[] {
  const details = new Map(hits.map((hit) => [detailKey(hit), detailOf(hit)]));
  return [...details.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, detail]) => detail);
}

function detailOf(hit: Hit): MatchDetail {
  const { record, key } = hit;
  const fixVersion = fixOf(hit);
  const fixDate = fixVersion === null ? null : fixDateOf(hit);
  return {
    advisory: record.advisory.id,
    feed: record.advisory.feed,
    provider: record.advisory.provider,
    via: key.via,
    ecosystem: key.ecosystem,
    name: key.name,
    version: key.version,
    range: rangeWords(hit),
    fixState: record.affected.fixState,
    ...(fixVersion !== null && { fixVersion }),
    ...(fixDate !== null && { fixDate }),
  };
}

/** The range that holds, or the listed version, in words. */
function rangeWords({ answer }: Hit): string {
  if (answer.range !== undefined) return formatRange(answer.range);
  return answer.listed === undefined ? "all versions" : `= ${answer.listed}`;
}

function detailKey(hit: Hit): string {
  const { record, key } = hit;
  return JSON.stringify([record.advisory.id, record.advisory.feed, key.name, rangeWords(hit), key.via]);
}
