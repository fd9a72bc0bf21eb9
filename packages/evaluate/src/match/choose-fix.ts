import type { AffectedRange, FixState, VersionScheme } from "@plimsoll/model";
import { compareVersions, isAffected } from "@plimsoll/versions";
import { dayText } from "../moment.ts";
import type { Hit } from "./judge-record.ts";

/** How a flaw is fixed for one package. */
export interface Fix {
  readonly fixState: FixState;
  readonly fixVersion?: string;
  /** YYYY-MM-DD since which that version is known. */
  readonly fixDate?: string;
}

/** A fixed version with the hit that names it. */
interface Candidate {
  readonly version: string;
  readonly hit: Hit;
}

/**
 * The lowest version, above the installed one, in which no matching advisory still holds the flaw; where one advisory
 * knows no fix, the lowest that any of them names. Advisories of `own` providers decide alone when they name a fix.
 */
export function chooseFix(hits: readonly Hit[], own: readonly string[]): Fix {
  const ownHits = hits.filter(({ record }) => own.includes(record.advisory.provider));
  const deciding = ownHits.some((hit) => fixOf(hit) !== null) ? ownHits : hits;
  const candidates = sortedCandidates(deciding);
  const chosen = candidates.find(({ version }) => clearsAll(version, deciding)) ?? candidates[0];
  if (chosen === undefined) return { fixState: unfixedState(hits) };
  const dates = candidates
    .filter(({ version }) => version === chosen.version)
    .flatMap(({ hit }) => fixDateOf(hit) ?? []);
  const [fixDate] = dates.sort();
  return { fixState: "fixed", fixVersion: chosen.version, ...(fixDate !== undefined && { fixDate }) };
}

/**
 * The version in which one advisory's row fixes the flaw for the installed version: the end of the range that holds,
 * else the lowest later end; `null` when the row claims no fix.
 */
export function fixOf({ record: { affected }, key, answer }: Hit): string | null {
  if (affected.fixState !== "fixed") return null;
  if (answer.range?.fixed !== undefined) return answer.range.fixed;
  const later = affected.ranges.flatMap((range) => laterEnd(range, key.version, affected.scheme) ?? []);
  return sortVersions(later, affected.scheme)[0] ?? null;
}

/** The date of a row's fix: the advisory's word, else its publication where it claims a fix. YYYY-MM-DD. */
export function fixDateOf({ record: { advisory, affected } }: Hit): string | null {
  return dayText(advisory.fixDate ?? (affected.fixState === "fixed" ? advisory.published : undefined));
}

function laterEnd({ fixed }: AffectedRange, version: string, scheme: VersionScheme): string | null {
  if (fixed === undefined) return null;
  return (compareVersions(scheme, fixed, version) ?? 0) > 0 ? fixed : null;
}

function sortedCandidates(hits: readonly Hit[]): Candidate[] {
  const candidates = hits.flatMap((hit): Candidate[] => {
    const version = fixOf(hit);
    return version === null ? [] : [{ version, hit }];
  });
  const scheme = hits[0]?.record.affected.scheme ?? "generic";
  return candidates.sort((a, b) => byVersion(scheme, a.version, b.version));
}

function sortVersions(versions: readonly string[], scheme: VersionScheme): string[] {
  return [...versions].sort((a, b) => byVersion(scheme, a, b));
}

function byVersion(scheme: VersionScheme, a: string, b: string): number {
  return compareVersions(scheme, a, b) || (a < b ? -1 : a > b ? 1 : 0);
}

function clearsAll(version: string, hits: readonly Hit[]): boolean {
  return hits.every(({ record: { affected } }) => !isAffected(affected.scheme, version, affected).affected);
}

function unfixedState(hits: readonly Hit[]): FixState {
  const states = hits.map(({ record }) => record.affected.fixState);
  if (states.includes("wont-fix")) return "wont-fix";
  return states.includes("not-fixed") ? "not-fixed" : "unknown";
}
