import type { Advisory, Affected } from "@plimsoll/model";

/**
 * One advisory out of all documents of one feed that bear its id. Where upstream dates its changes the newest document
 * speaks, and of each ecosystem the newest that names it (mirrors hold the part of one ecosystem); documents of the same
 * date, or none (feeds that state one package at a time), add up their packages.
 */
export function mergeAdvisories(same: readonly Advisory[]): Advisory {
  const [first, ...others] = same;
  if (first === undefined) throw new TypeError("nothing to merge");
  if (others.length === 0) return { ...first, affected: distinct(first.affected) };
  const newest = newestOf(same);
  const parts = same.filter((part) => dateOf(part) === dateOf(newest));
  return {
    ...newest,
    vulnerabilities: union(parts.map((part) => part.vulnerabilities)),
    aliases: union(parts.map((part) => part.aliases)),
    affected: distinct(newestRows(same)),
  };
}

function newestRows(same: readonly Advisory[]): Affected[] {
  const dates = new Map<string, string>();
  for (const part of same) {
    for (const { ecosystem } of part.affected) {
      const known = dates.get(ecosystem);
      if (known === undefined || dateOf(part) > known) dates.set(ecosystem, dateOf(part));
    }
  }
  return same.flatMap((part) => part.affected.filter(({ ecosystem }) => dates.get(ecosystem) === dateOf(part)));
}

/** Of two of one date the last in the order of their content, whatever file came first. */
function newestOf(same: readonly Advisory[]): Advisory {
  const key = (part: Advisory) => `${dateOf(part)} ${JSON.stringify(part)}`;
  return same.reduce((best, next) => (key(next) > key(best) ? next : best));
}

function dateOf({ modified }: Advisory): string {
  return modified ?? "";
}

function union(lists: readonly (readonly string[])[]): string[] {
  return [...new Set(lists.flat())].sort();
}

/** Exact repeats dropped, sorted: the same facts give the same rows whatever file came first. */
function distinct(affected: readonly Affected[]): Affected[] {
  const unique = new Map(affected.map((row) => [JSON.stringify(row), row]));
  return [...unique.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
}
