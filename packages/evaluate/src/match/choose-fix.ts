import type { Affected, FixState, VersionScheme } from "@plimsoll/model";
import { compareVersions, isAffected, minVersion } from "@plimsoll/versions";
import { dayText } from "../moment.ts";
import type { Hit, Statement } from "./judge-record.ts";

/** How a flaw is fixed for one package. */
export interface Fix {
  readonly fixState: FixState;
  readonly fixVersion?: string;
  /** YYYY-MM-DD since which that version is known. */
  readonly fixDate?: string;
}

/** A version that an advisory's row names as the end of a range. */
interface Candidate {
  readonly version: string;
  readonly by: Statement;
}

/** Who else speaks of the flaw in the package. */
export interface FixContext {
  /** Provider keys of the package's own distro: they decide alone when they name a fix. */
  readonly own: readonly string[];
  /** Rows about the same flaw that do not hold for the installed version, but may for a later one. */
  readonly others: readonly Statement[];
}

/**
 * The lowest version above the installed one that an advisory names as fixed and for which none holds the flaw; where no
 * version clears them all (one of them knows no fix), the lowest that fixes the installed version's own line.
 */
export function chooseFix(hits: readonly Hit[], { own, others }: FixContext): Fix {
  const isOwn = ({ record }: Statement) => own.includes(record.advisory.provider);
  const ownDecides = hits.some((hit) => isOwn(hit) && fixOf(hit) !== null);
  const deciding = ownDecides ? hits.filter(isOwn) : hits;
  const speaking: Statement[] = [...deciding, ...(ownDecides ? others.filter(isOwn) : others)];
  const candidates = candidatesOf(speaking, endsOf);
  const ownLine = candidatesOf(deciding, (hit) => [fixOf(hit)].filter((version) => version !== null));
  const chosen = candidates.find(({ version }) => clearsAll(version, speaking)) ?? ownLine[0];
  if (chosen === undefined) return { fixState: unfixedState(hits) };
  const naming = [...candidates, ...ownLine].filter(({ version }) => version === chosen.version);
  const [fixDate] = naming.flatMap(({ by }) => fixDateOf(by) ?? []).sort();
  return { fixState: "fixed", fixVersion: chosen.version, ...(fixDate !== undefined && { fixDate }) };
}

/**
 * The version in which one advisory's row fixes the flaw for the installed version: the end of the range that holds,
 * else the lowest later end; `null` when the row claims no fix.
 */
export function fixOf({ record: { affected }, key, answer }: Hit): string | null {
  if (affected.fixState !== "fixed") return null;
  if (answer.range?.fixed !== undefined) return answer.range.fixed;
  return minVersion(affected.scheme, laterEnds(affected, key.version));
}

/** The date of a row's fix: the advisory's word, else its publication where it claims a fix. YYYY-MM-DD. */
export function fixDateOf({ record: { advisory, affected } }: Statement): string | null {
  return dayText(advisory.fixDate ?? (affected.fixState === "fixed" ? advisory.published : undefined));
}

/** Every version above the installed one that a row names as fixed. */
function endsOf({ record: { affected }, key }: Statement): string[] {
  return affected.fixState === "fixed" ? laterEnds(affected, key.version) : [];
}

function laterEnds({ ranges, scheme }: Affected, version: string): string[] {
  const ends = ranges.flatMap(({ fixed }) => fixed ?? []);
  return ends.filter((fixed) => (compareVersions(scheme, fixed, version) ?? 0) > 0);
}

function candidatesOf<T extends Statement>(
  statements: readonly T[],
  versionsOf: (by: T) => readonly string[],
): Candidate[] {
  const scheme = statements[0]?.record.affected.scheme ?? "generic";
  const candidates = statements.flatMap((by) => versionsOf(by).map((version) => ({ version, by })));
  return candidates.sort((a, b) => byVersion(scheme, a.version, b.version));
}

/** Of equal versions the fuller text first: registries know `111.18.0`, not `111.18`, and Go `v2.0.0+incompatible`. */
function byVersion(scheme: VersionScheme, a: string, b: string): number {
  return compareVersions(scheme, a, b) || b.length - a.length || (a < b ? -1 : a > b ? 1 : 0);
}

function clearsAll(version: string, statements: readonly Statement[]): boolean {
  return statements.every(({ record: { affected } }) => !isAffected(affected.scheme, version, affected).affected);
}

function unfixedState(hits: readonly Hit[]): FixState {
  const states = hits.map(({ record }) => record.affected.fixState);
  if (states.includes("wont-fix")) return "wont-fix";
  return states.includes("not-fixed") ? "not-fixed" : "unknown";
}
