import type { AffectedRange, VersionScheme } from "@plimsoll/model";
import { gemSegments } from "./gem.ts";
import { type Interval, intersectIntervals, mergeIntervals, rangeOf } from "./interval.ts";
import { parseVersion } from "./schemes.ts";

/** Longer constraints are unreadable; characters. */
const maxConstraintLength = 4096;

/**
 * Ranges of a constraint: comparators (`>=`, `>`, `<`, `<=`, `=`, `==`, `!=`, none = `=`; for gems also `~>`) joined
 * by commas or blanks must all hold, `||` separates alternatives, `*` is every version. Sorted and merged; `[]` when
 * nothing can satisfy it. `null` when it cannot be read. (GitHub advisory ranges, Gem::Requirement.)
 */
export function parseConstraint(scheme: VersionScheme, text: string): AffectedRange[] | null {
  if (text.length > maxConstraintLength) return null;
  const all: Interval[] = [];
  for (const alternative of text.split("||")) {
    const intervals = readAlternative(scheme, alternative.trim());
    if (intervals === null) return null;
    all.push(...intervals);
  }
  return mergeIntervals(all).map(rangeOf);
}

function readAlternative(scheme: VersionScheme, text: string): Interval[] | null {
  if (text === "*") return [{ low: null, high: null }];
  if (text === "") return null;
  let intervals: Interval[] = [{ low: null, high: null }];
  const comparator = /(>=|<=|==|!=|~>|=|>|<)?\s*([^\s,|<>=!]+)[\s,]*/y;
  while (comparator.lastIndex < text.length) {
    const match = comparator.exec(text);
    if (match === null) return null;
    const clause = readClause(scheme, match[1] ?? "=", match[2] ?? "");
    if (clause === null) return null;
    intervals = intersectIntervals(intervals, clause);
  }
  return intervals;
}

function readClause(scheme: VersionScheme, operator: string, text: string): Interval[] | null {
  const version = parseVersion(scheme, text);
  if (version === null) return null;
  const inclusive = { version, inclusive: true };
  const exclusive = { version, inclusive: false };
  switch (operator) {
    case ">=":
      return [{ low: inclusive, high: null }];
    case ">":
      return [{ low: exclusive, high: null }];
    case "<":
      return [{ low: null, high: exclusive }];
    case "<=":
      return [{ low: null, high: inclusive }];
    case "!=":
      return [
        { low: null, high: exclusive },
        { low: exclusive, high: null },
      ];
    case "~>":
      return pessimistic(scheme, text);
    default:
      return [{ low: inclusive, high: inclusive }];
  }
}

/** `~> 1.2.3`: from 1.2.3 up to 1.3, pre-releases of 1.3 not included (Gem::Requirement, Gem::Version#bump). */
function pessimistic(scheme: VersionScheme, text: string): Interval[] | null {
  if (scheme !== "gem") return null;
  const segments = gemSegments(text);
  const firstWord = segments.findIndex((segment) => !/^\d/.test(segment));
  const numbers = firstWord < 0 ? segments : segments.slice(0, firstWord);
  const kept = numbers.length > 1 ? numbers.slice(0, -1) : numbers;
  const next = BigInt(kept.at(-1) ?? "0") + 1n;
  // "A" is the first letter: every pre-release of the next version, which starts with a word, lies beyond it.
  const high = parseVersion(scheme, [...kept.slice(0, -1), next, "A"].join("."));
  const low = parseVersion(scheme, text);
  if (low === null || high === null) return null;
  return [{ low: { version: low, inclusive: true }, high: { version: high, inclusive: false } }];
}
