import {
  type Affected,
  type AffectedRange,
  advisoryName,
  ecosystemOf,
  ecosystemOfOsv,
  type FixState,
  type VersionScheme,
} from "@plimsoll/model";
import { parseVersion } from "@plimsoll/versions";
import { type JsonObject, memberOf, objectsOf, textOf, textsOf } from "../records/json-value.ts";
import type { OsvProfile } from "./osv-profile.ts";
import { rangesOf } from "./osv-ranges.ts";

/** Longest list of single versions kept of one entry. */
const mostVersions = 20_000;

/** The entries of an OSV document about ecosystems of ours, and why others could not be read. */
export function affectedOfOsv(document: JsonObject, profile: OsvProfile): { affected: Affected[]; faults: string[] } {
  const affected: Affected[] = [];
  const faults: string[] = [];
  const module = profile.module?.(document);
  for (const entry of objectsOf(document.affected)) {
    const place = placeOf(textOf(memberOf(entry, "package", "ecosystem")), textOf(memberOf(entry, "package", "name")));
    if (place === null) continue;
    const row = rowOf(entry, place);
    if (typeof row === "string") faults.push(row);
    else affected.push(module === undefined ? row : { ...row, module });
  }
  return { affected: profile.tidy?.(affected) ?? affected, faults };
}

type Place = Pick<Affected, "ecosystem" | "name" | "nameKind" | "scheme">;

function placeOf(ecosystem: string | null, name: string | null): Place | null {
  if (ecosystem === null || name === null || name.length > 1000) return null;
  const [, rebuild, release] = /^(AlmaLinux|Rocky Linux):(\d+)$/.exec(ecosystem) ?? [];
  if (rebuild !== undefined) {
    const family = rebuild === "AlmaLinux" ? "almalinux" : "rocky";
    return { ecosystem: `${family}:${release}`, name, nameKind: "binary", scheme: "rpm" };
  }
  const id = ecosystemOfOsv(ecosystem);
  if (id === null) return null;
  return { ecosystem: id, name: advisoryName(id, name), nameKind: "source", scheme: ecosystemOf(id).scheme };
}

function rowOf(entry: JsonObject, place: Place): Affected | string {
  const ranges = endedRanges(entry, readRanges(entry, place.scheme));
  // Lists of single versions repeat what the ranges say, at ten times the size.
  const versions = ranges.length > 0 ? [] : textsOf(entry.versions).slice(0, mostVersions);
  if (ranges.length === 0 && versions.length === 0) return `no range and no version of ${place.name} is named`;
  return {
    ...place,
    ranges,
    ...(versions.length === 0 ? {} : { versions: [...versions].sort() }),
    fixState: fixStateOf(entry, ranges),
  };
}

/**
 * Go's `custom_ranges` tell the fix where the module's tags are no Go versions; the plain range then has no end
 * (go.dev/doc/security/vuln/database). Some write `RELEASE.2024-06-06T09-36-42Z`: then the plain range is the word.
 */
function readRanges(entry: JsonObject, scheme: VersionScheme): AffectedRange[] {
  const custom = rangesOf(scheme, memberOf(entry, "ecosystem_specific", "custom_ranges"));
  const isReadable = (range: AffectedRange) =>
    Object.values(range).every((version: string) => parseVersion(scheme, version) !== null);
  return custom.length > 0 && custom.every(isReadable) ? custom : rangesOf(scheme, entry.ranges);
}

/** GitHub tells the end of an unfixed range beside it: `last_known_affected_version_range: "<= 1.2"`. */
function endedRanges(entry: JsonObject, ranges: readonly AffectedRange[]): AffectedRange[] {
  const match = /^(<=?) (\S{1,100})$/.exec(lastKnown(entry));
  const end = match?.[2];
  if (end === undefined) return [...ranges];
  const bound = match?.[1] === "<=" ? { lastAffected: end } : { fixed: end };
  return ranges.map((range, index) => (index === ranges.length - 1 && isOpen(range) ? { ...range, ...bound } : range));
}

function lastKnown(entry: JsonObject): string {
  return textOf(memberOf(entry, "database_specific", "last_known_affected_version_range")) ?? "";
}

function isOpen(range: AffectedRange): boolean {
  return range.fixed === undefined && range.lastAffected === undefined;
}

/** A range that ends at GitHub's "< 2.0" ends where no fix is claimed: unknown. */
function fixStateOf(entry: JsonObject, ranges: readonly AffectedRange[]): FixState {
  const claimed = objectsOf(entry.ranges).some((range) => objectsOf(range.events).some((event) => "fixed" in event));
  if (ranges.some(({ fixed }) => fixed !== undefined) && (claimed || lastKnown(entry) === "")) return "fixed";
  return ranges.length > 0 && ranges.every(isOpen) ? "not-fixed" : "unknown";
}
