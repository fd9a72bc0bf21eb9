import type { Advisory, Affected } from "@plimsoll/model";

/**
 * One advisory out of all documents of one feed that bear its id. Where upstream dates its changes the newest document
 * stands alone; documents of the same date (or none: feeds that state one package at a time) add up their packages.
 */
export function mergeAdvisories(same: readonly Advisory[]): Advisory {
  const [first, ...others] = same;
  if (first === undefined) throw new TypeError("nothing to merge");
  if (others.length === 0) return { ...first, affected: distinct(first.affected) };
  const newest = same.reduce((best, next) => ((next.modified ?? "") >= (best.modified ?? "") ? next : best), first);
  const parts = same.filter((part) => (part.modified ?? "") === (newest.modified ?? ""));
  return {
    ...newest,
    vulnerabilities: union(parts.map((part) => part.vulnerabilities)),
    aliases: union(parts.map((part) => part.aliases)),
    affected: distinct(parts.flatMap((part) => part.affected)),
  };
}

function union(lists: readonly (readonly string[])[]): string[] {
  return [...new Set(lists.flat())].sort();
}

/** Exact repeats dropped, sorted: the same facts give the same rows whatever file came first. */
function distinct(affected: readonly Affected[]): Affected[] {
  const unique = new Map(affected.map((row) => [JSON.stringify(row), row]));
  return [...unique.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
}
