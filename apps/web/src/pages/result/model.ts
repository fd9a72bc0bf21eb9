import type { FullResult } from "@plimsoll/contract";
import { writtenCommand } from "@plimsoll/model";
import { plain } from "../../ui/plain.ts";
import { type Counts, type Severity, severities } from "../../ui/severity.ts";

type WirePackage = FullResult["packages"][string];
type WireVulnerability = FullResult["vulnerabilities"][string];

/** A layer of the image, or a row of its history without one. */
export interface LayerRow {
  readonly key: string;
  readonly index: number;
  /** As a person would write it, harmless to show. */
  readonly command: string;
  readonly digest: string;
  /** Bytes; `null` when nobody told. */
  readonly size: number | null;
  /** Tags under which the base that it belongs to was scanned. */
  readonly bases: readonly string[];
  readonly counts: Counts;
  readonly packages: number;
}

export interface PackageRow extends WirePackage {
  readonly id: string;
  readonly counts: Counts;
}

/** One vulnerability in one package. */
export interface FindingRow extends WireVulnerability {
  readonly id: string;
  readonly pkg: PackageRow;
}

/** A result as its tabs look at it. */
export interface ResultModel {
  readonly layers: readonly LayerRow[];
  readonly packages: readonly PackageRow[];
  /** Worst first. */
  readonly findings: readonly FindingRow[];
}

/** The same with the packages and findings of one layer alone; all of them when there is no such layer. `key`: of a layer. */
export function narrowedTo(model: ResultModel, key: string | undefined): ResultModel {
  if (!model.layers.some((layer) => layer.key === key)) return model;
  const packages = model.packages.filter(({ layerRef }) => layerRef === key);
  return { ...model, packages, findings: model.findings.filter(({ pkg }) => pkg.layerRef === key) };
}

/** What the policies say. Where none judged, reports for other programs say "passed"; people are told that none did. */
export function verdictOf({ policies }: Pick<FullResult, "policies">): FullResult["policies"]["globalEvaluation"] {
  return policies.evaluations.length === 0 ? "noPolicy" : policies.globalEvaluation;
}

/** What is in the squashed tree; what a later layer removed is left out, as it is out of every count. */
export function modelOf(result: FullResult): ResultModel {
  const found = Map.groupBy(Object.entries(result.vulnerabilities), ([, { packageRef }]) => packageRef);
  const packages = Object.entries(result.packages)
    .filter(([, { isRemoved }]) => !isRemoved)
    .map(([id, pkg]): PackageRow => ({ ...pkg, id, counts: countsOf((found.get(id) ?? []).map(([, one]) => one)) }))
    .sort((a, b) => compareCounts(b.counts, a.counts) || a.name.localeCompare(b.name));
  const findings = packages
    .flatMap((pkg) => (found.get(pkg.id) ?? []).map(([id, one]): FindingRow => ({ ...one, id, pkg })))
    .sort(worstFirst);
  return { packages, findings, layers: layersOf(result, { packages, findings }) };
}

export function countsOf(rows: readonly { readonly severity: Severity }[]): Counts {
  const counts: Record<Severity, number> = { critical: 0, high: 0, medium: 0, low: 0, negligible: 0 };
  for (const { severity } of rows) counts[severity] += 1;
  return counts;
}

function compareCounts(a: Counts, b: Counts): number {
  const decisive = severities.find((severity) => a[severity] !== b[severity]);
  return decisive === undefined ? 0 : a[decisive] - b[decisive];
}

function worstFirst(a: FindingRow, b: FindingRow): number {
  return (
    severities.indexOf(a.severity) - severities.indexOf(b.severity) ||
    Number(b.cisaKev !== undefined) - Number(a.cisaKev !== undefined) ||
    Number(b.exploitable) - Number(a.exploitable) ||
    b.cvssScore.score - a.cvssScore.score ||
    a.name.localeCompare(b.name) ||
    a.pkg.name.localeCompare(b.pkg.name)
  );
}

function layersOf(result: FullResult, { packages, findings }: Omit<ResultModel, "layers">): LayerRow[] {
  const found = Map.groupBy(findings, ({ pkg }) => pkg.layerRef);
  const held = Map.groupBy(packages, ({ layerRef }) => layerRef);
  return Object.entries(result.layers)
    .map(([key, { index, command, digest, size, baseImagesRef = [] }]) => ({
      key,
      index,
      command: commandText(command ?? ""),
      digest,
      size,
      bases: baseImagesRef.flatMap((ref) => result.baseImages[ref]?.pullStrings ?? []),
      counts: countsOf(found.get(key) ?? []),
      packages: (held.get(key) ?? []).length,
    }))
    .sort((a, b) => a.index - b.index);
}

const longestCommand = 4000;

function commandText(command: string): string {
  return plain(writtenCommand(command.slice(0, longestCommand))) || "(no command recorded)";
}

/** What of the findings or packages is shown; all of it comes from the address. */
export interface ResultFilter {
  readonly text?: string | undefined;
  /** The least severity. */
  readonly severity?: string | undefined;
  readonly fix?: string | undefined;
  readonly exploit?: string | undefined;
  readonly running?: string | undefined;
}

export function findingsIn({ findings }: ResultModel, filter: ResultFilter): FindingRow[] {
  return findings.filter(
    (row) => isWorseThan(row, filter.severity) && hasMarks(row, filter) && isOf(row.pkg, filter, row.name),
  );
}

function isWorseThan({ severity }: FindingRow, least: string | undefined): boolean {
  const words: readonly string[] = severities;
  const bound = words.indexOf(least ?? "");
  return bound < 0 || severities.indexOf(severity) <= bound;
}

function hasMarks(
  { fixVersion, exploitable, cisaKev, pkg }: FindingRow,
  { fix, exploit, running }: ResultFilter,
): boolean {
  return (
    (fix === undefined || fixVersion !== undefined) &&
    (exploit === undefined || exploitable || cisaKev !== undefined) &&
    (running === undefined || pkg.isRunning)
  );
}

export function packagesIn({ packages }: ResultModel, filter: ResultFilter): PackageRow[] {
  return packages.filter((pkg) => isOf(pkg, filter));
}

function isOf(pkg: PackageRow, { text = "" }: ResultFilter, name = ""): boolean {
  const wanted = text.trim().toLowerCase();
  const words = [name, pkg.name, pkg.version, pkg.path ?? "", pkg.license ?? ""];
  return wanted === "" || words.some((word) => word.toLowerCase().includes(wanted));
}
