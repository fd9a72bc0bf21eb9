import type { AffectedRange, VersionScheme } from "@plimsoll/model";
import type { ParsedVersion } from "./scheme.ts";
import { parseVersion, schemeModule } from "./schemes.ts";

/** Whether a version is affected, and by which word of the advisory. */
export interface AffectedAnswer {
  readonly affected: boolean;
  /** The first range that holds the version. */
  readonly range?: AffectedRange;
  /** The listed version that it equals, when no range holds it. */
  readonly listed?: string;
  /**
   * Versions that had to be compared and could not be read, the asked one included. Not affected with a text here
   * means "nobody knows": raise a Problem, never a clean answer.
   */
  readonly unreadable: readonly string[];
}

/** What {@link isAffected} needs of an advisory's affected package. */
export interface AffectedVersions {
  readonly ranges: readonly AffectedRange[];
  readonly versions?: readonly string[] | undefined;
}

/**
 * Whether a version is in one of the ranges or equals a listed version (OSV schema, "Evaluation"): `introduced`
 * inclusive, "0" or none = from the first version; `fixed` exclusive; `lastAffected` inclusive.
 */
export function isAffected(
  scheme: VersionScheme,
  version: string | ParsedVersion,
  { ranges, versions = [] }: AffectedVersions,
): AffectedAnswer {
  const subject: Subject = {
    scheme,
    text: typeof version === "string" ? version : version.text,
    parsed: typeof version === "string" ? parseVersion(scheme, version) : version,
  };
  const unreadable = new Set<string>();
  for (const range of ranges) {
    if (holds(subject, range, unreadable)) return { affected: true, range, unreadable: [...unreadable] };
  }
  const listed = versions.find((candidate) => equals(subject, candidate));
  if (listed !== undefined) return { affected: true, listed, unreadable: [...unreadable] };
  if (subject.parsed === null && versions.length > 0) unreadable.add(subject.text);
  return unreadable.size === 0 ? no : { affected: false, unreadable: [...unreadable] };
}

/** The usual answer. */
const no: AffectedAnswer = { affected: false, unreadable: [] };

interface Subject {
  readonly scheme: VersionScheme;
  readonly text: string;
  readonly parsed: ParsedVersion | null;
}

/** The ends of a range, and which orders against each of them lie within. */
const ends = [
  { end: "introduced", isWithin: (order: number) => order >= 0 },
  { end: "introducedAfter", isWithin: (order: number) => order > 0 },
  { end: "fixed", isWithin: (order: number) => order < 0 },
  { end: "lastAffected", isWithin: (order: number) => order <= 0 },
] as const;

/** Decided as soon as one end says no, whatever cannot be read; undecided only when what is left cannot be read. */
function holds(subject: Subject, range: AffectedRange, unreadable: Set<string>): boolean {
  const unread: string[] = [];
  for (const { end, isWithin } of ends) {
    const bound = boundOf(range, end);
    if (bound === undefined) continue;
    const order = orderAgainst(subject, bound);
    if (order === null) unread.push(bound);
    else if (!isWithin(order)) return false;
  }
  if (unread.length === 0) return true;
  if (subject.parsed === null) unreadable.add(subject.text);
  for (const bound of unread) if (parseVersion(subject.scheme, bound) === null) unreadable.add(bound);
  return false;
}

/** "0" is where every version begins. */
function boundOf(range: AffectedRange, end: keyof AffectedRange): string | undefined {
  return end === "introduced" && range.introduced === "0" ? undefined : range[end];
}

function orderAgainst({ scheme, parsed }: Subject, bound: string): number | null {
  const end = parseVersion(scheme, bound);
  if (parsed === null || end === null) return null;
  const module = schemeModule(scheme);
  return (module.compareToBound ?? module.compare)(parsed, end);
}

/** A listed version that cannot be read equals only the same text: one that can be read is another version. */
function equals({ scheme, text, parsed }: Subject, candidate: string): boolean {
  if (candidate === text) return true;
  const other = parsed === null ? null : parseVersion(scheme, candidate);
  return parsed !== null && other !== null && schemeModule(scheme).compare(parsed, other) === 0;
}
