import type { AffectedRange, VersionScheme } from "@plimsoll/model";
import type { ParsedVersion } from "./scheme.ts";
import { compareParsed, parseVersion } from "./schemes.ts";

/** One end of an interval. */
export interface IntervalEnd {
  readonly version: ParsedVersion;
  readonly inclusive: boolean;
}

/** Versions between two ends; `null` = open to that side. */
export interface Interval {
  readonly low: IntervalEnd | null;
  readonly high: IntervalEnd | null;
}

/** The interval of a range; `null` when one of its versions cannot be read. */
export function intervalOf(scheme: VersionScheme, range: AffectedRange): Interval | null {
  const { introduced, introducedAfter, fixed, lastAffected } = range;
  const above = endOf(scheme, introduced === "0" ? undefined : introduced, true);
  const after = endOf(scheme, introducedAfter, false);
  const before = endOf(scheme, fixed, false);
  const upTo = endOf(scheme, lastAffected, true);
  if (above === unread || after === unread || before === unread || upTo === unread) return null;
  return { low: later(above, after, compareLow), high: later(before, upTo, (a, b) => compareHigh(b, a)) };
}

/** The range of an interval. */
export function rangeOf({ low, high }: Interval): AffectedRange {
  return {
    ...(low !== null && (low.inclusive ? { introduced: startText(low) } : { introducedAfter: low.version.text })),
    ...(high !== null && { [high.inclusive ? "lastAffected" : "fixed"]: high.version.text }),
  };
}

/**
 * As `introduced`, "0" says "from the first version", which may be before it (0~rc1): 0 itself is written "00", which every
 * scheme takes for it.
 */
function startText({ version }: IntervalEnd): string {
  return version.text === "0" ? "00" : version.text;
}

/** The same versions as sorted intervals that neither overlap nor touch. */
export function mergeIntervals(intervals: readonly Interval[]): Interval[] {
  const merged: Interval[] = [];
  const sorted = intervals.filter((interval) => !isEmpty(interval)).sort((a, b) => compareLow(a.low, b.low));
  for (const next of sorted) {
    const last = merged.at(-1);
    if (last === undefined || !touches(last.high, next.low)) merged.push(next);
    else if (compareHigh(last.high, next.high) < 0) merged[merged.length - 1] = { low: last.low, high: next.high };
  }
  return merged;
}

/** The versions outside of all intervals; these must be merged. */
export function complementOfMerged(merged: readonly Interval[]): Interval[] {
  const gaps: Interval[] = [];
  let low: IntervalEnd | null = null;
  for (const interval of merged) {
    if (interval.low !== null) gaps.push({ low, high: opposite(interval.low) });
    if (interval.high === null) return gaps;
    low = opposite(interval.high);
  }
  return [...gaps, { low, high: null }];
}

/** The versions in one interval of both lists. */
export function intersectIntervals(left: readonly Interval[], right: readonly Interval[]): Interval[] {
  const both = left.flatMap((a) =>
    right.map((b) => ({
      low: compareLow(a.low, b.low) >= 0 ? a.low : b.low,
      high: compareHigh(a.high, b.high) <= 0 ? a.high : b.high,
    })),
  );
  return mergeIntervals(both);
}

const unread = Symbol("unread");

function endOf(
  scheme: VersionScheme,
  text: string | undefined,
  inclusive: boolean,
): IntervalEnd | null | typeof unread {
  if (text === undefined) return null;
  const version = parseVersion(scheme, text);
  return version === null ? unread : { version, inclusive };
}

type EndOrder = (a: IntervalEnd | null, b: IntervalEnd | null) => number;

/** The stricter of two ends of the same side; an absent one does not count. */
function later(a: IntervalEnd | null, b: IntervalEnd | null, order: EndOrder): IntervalEnd | null {
  if (a === null || b === null) return a ?? b;
  return order(a, b) >= 0 ? a : b;
}

function compareLow(a: IntervalEnd | null, b: IntervalEnd | null): number {
  if (a === null || b === null) return Number(a !== null) - Number(b !== null);
  return compareParsed(a.version, b.version) || Number(b.inclusive) - Number(a.inclusive);
}

function compareHigh(a: IntervalEnd | null, b: IntervalEnd | null): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  return compareParsed(a.version, b.version) || Number(a.inclusive) - Number(b.inclusive);
}

/** Whether no version lies between the end of one interval and the start of the next. */
function touches(high: IntervalEnd | null, low: IntervalEnd | null): boolean {
  if (high === null || low === null) return true;
  const order = compareParsed(low.version, high.version);
  return order < 0 || (order === 0 && (low.inclusive || high.inclusive));
}

function isEmpty({ low, high }: Interval): boolean {
  if (low === null || high === null) return false;
  const order = compareParsed(low.version, high.version);
  return order > 0 || (order === 0 && !(low.inclusive && high.inclusive));
}

function opposite({ version, inclusive }: IntervalEnd): IntervalEnd {
  return { version, inclusive: !inclusive };
}
