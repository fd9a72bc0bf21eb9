import type { Package, VersionScheme } from "@plimsoll/model";
import { type AffectedAnswer, isAffected, type ParsedVersion, parseVersion } from "@plimsoll/versions";
import type { AffectedRecord } from "@plimsoll/vulndb";
import type { LookupKey, Matcher } from "./matcher.ts";

/** An advisory's row that speaks of a package, whether it holds or not. */
export interface Statement {
  readonly record: AffectedRecord;
  readonly key: LookupKey;
}

/** An advisory's row that holds for a package. */
export interface Hit extends Statement {
  readonly answer: AffectedAnswer;
}

/** What one advisory's row means for one package, and why; the reasons are those that `explain` gives. */
export type Judgement =
  | { readonly verdict: "affected"; readonly hit: Hit }
  | { readonly verdict: "not-affected"; readonly reason: "range" | "never-affected" }
  | { readonly verdict: "not-applicable"; readonly reason: "withdrawn" | "other-name-kind" | "other-build" }
  | { readonly verdict: "unreadable"; readonly unreadable: readonly string[] };

/** The package that is judged. */
export interface Subject {
  readonly pkg: Package;
  readonly matcher: Matcher;
  /** The key's version, read before; `null` when it cannot be read by that scheme. */
  readonly version?: (scheme: VersionScheme) => ParsedVersion | null;
}

/** Reads a version once for each scheme that asks. */
export function readOnce(text: string): (scheme: VersionScheme) => ParsedVersion | null {
  const read = new Map<VersionScheme, ParsedVersion | null>();
  return (scheme) => {
    const known = read.get(scheme);
    if (known !== undefined) return known;
    const version = parseVersion(scheme, text);
    read.set(scheme, version);
    return version;
  };
}

/** Judges one row: withdrawn advisories, rows about another kind of name or another build do not apply; then versions decide. */
export function judgeRecord(record: AffectedRecord, key: LookupKey, subject: Subject): Judgement {
  const { affected } = record;
  if (record.isWithdrawn) return { verdict: "not-applicable", reason: "withdrawn" };
  if (key.nameKind !== null && key.nameKind !== affected.nameKind) {
    return { verdict: "not-applicable", reason: "other-name-kind" };
  }
  if (subject.matcher.accepts?.(subject.pkg, affected) === false)
    return { verdict: "not-applicable", reason: "other-build" };
  if (isNever(record)) return { verdict: "not-affected", reason: "never-affected" };
  const version = subject.version?.(affected.scheme) ?? key.version;
  const answer = isAffected(affected.scheme, version, affected);
  if (answer.affected) return { verdict: "affected", hit: { record, key, answer } };
  if (answer.unreadable.length > 0) return { verdict: "unreadable", unreadable: answer.unreadable };
  return { verdict: "not-affected", reason: "range" };
}

/** A publisher's way of saying "not affected": no version at all, or "fixed in version 0" (Alpine secdb; Debian OVAL writes 0:0). */
function isNever({ affected: { ranges, versions = [] } }: AffectedRecord): boolean {
  return versions.length === 0 && ranges.every(({ fixed }) => fixed !== undefined && /^(0:)?0$/.test(fixed));
}
