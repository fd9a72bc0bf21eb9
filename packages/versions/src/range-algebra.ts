import type { AffectedRange, VersionScheme } from "@plimsoll/model";
import { complementOfMerged, type Interval, intervalOf, mergeIntervals, rangeOf } from "./interval.ts";

/** The same versions as sorted ranges that neither overlap nor touch; `null` when a version cannot be read. */
export function mergeRanges(scheme: VersionScheme, ranges: readonly AffectedRange[]): AffectedRange[] | null {
  return readIntervals(scheme, ranges)?.map(rangeOf) ?? null;
}

/**
 * The versions outside of all ranges: what is affected when `ranges` tells the patched and unaffected versions
 * (RubySec). No ranges → all versions, `[{}]`. `null` when a version cannot be read.
 */
export function complement(scheme: VersionScheme, ranges: readonly AffectedRange[]): AffectedRange[] | null {
  const merged = readIntervals(scheme, ranges);
  return merged === null ? null : complementOfMerged(merged).map(rangeOf);
}

function readIntervals(scheme: VersionScheme, ranges: readonly AffectedRange[]): Interval[] | null {
  const intervals: Interval[] = [];
  for (const range of ranges) {
    const interval = intervalOf(scheme, range);
    if (interval === null) return null;
    intervals.push(interval);
  }
  return mergeIntervals(intervals);
}
