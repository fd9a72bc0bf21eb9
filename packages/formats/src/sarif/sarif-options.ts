import {
  ecosystemOf,
  type Finding,
  type Package,
  parseSeverity,
  type RatedSeverity,
  severityRank,
} from "@plimsoll/model";
import { formatError } from "../errors.ts";

/** What a SARIF log leaves out and how it is grouped (spec F181). */
export interface SarifOptions {
  /** Findings below it are left out; unrated ones count as medium (decision 6). */
  readonly minSeverity: RatedSeverity | null;
  /** Package types or ecosystems to keep; empty keeps all. */
  readonly types: readonly string[];
  readonly notTypes: readonly string[];
  /** Only packages whose path begins with one of these; empty keeps all. */
  readonly paths: readonly string[];
  /** Leave accepted findings out instead of marking them as suppressed. */
  readonly excludeAccepted: boolean;
  /** A rule and a result per package instead of a rule per vulnerability and a result per package and vulnerability. */
  readonly groupByPackage: boolean;
  /** Tell what the baseline had and is gone as results with the state `absent`. Code scanning services that do not know baselines take those for open alerts. */
  readonly includeAbsent: boolean;
}

export const everyFinding: SarifOptions = {
  minSeverity: null,
  types: [],
  notTypes: [],
  paths: [],
  excludeAccepted: false,
  groupByPackage: false,
  includeAbsent: false,
};

/**
 * Reads settings such as `min-severity=high`, `type=os,java`, `not-type=os`, `path=/opt/app`, `exclude-accepted`,
 * `group-by-package`, `include-absent`; later ones add to or replace earlier ones. Throws BAD_SARIF_SETTING.
 */
export function parseSarifOptions(settings: readonly string[]): SarifOptions {
  return settings.reduce(withSetting, everyFinding);
}

/** Whether a finding of a package is told. */
export function isTold(finding: Finding, pkg: Package, options: SarifOptions): boolean {
  const severity = finding.severity === "unknown" ? "medium" : finding.severity;
  const words = [ecosystemOf(pkg.ecosystem).wireType.toLowerCase(), pkg.ecosystem];
  const path = `/${pkg.locations[0]?.path ?? ""}`;
  return (
    (options.minSeverity === null || severityRank(severity) >= severityRank(options.minSeverity)) &&
    (options.types.length === 0 || words.some((word) => options.types.includes(word))) &&
    !words.some((word) => options.notTypes.includes(word)) &&
    (options.paths.length === 0 || options.paths.some((start) => path.startsWith(start)))
  );
}

function withSetting(options: SarifOptions, setting: string): SarifOptions {
  const equals = setting.indexOf("=");
  const key = equals < 0 ? setting : setting.slice(0, equals);
  const value = equals < 0 ? "" : setting.slice(equals + 1);
  const words = value
    .split(",")
    .map((word) => word.trim())
    .filter((word) => word !== "");
  const types = words.map((word) => word.toLowerCase());
  switch (key) {
    case "min-severity":
      return { ...options, minSeverity: severityOf(value, setting) };
    case "type":
      return { ...options, types: [...options.types, ...given(types, setting)] };
    case "not-type":
      return { ...options, notTypes: [...options.notTypes, ...given(types, setting)] };
    case "path":
      return {
        ...options,
        paths: [...options.paths, ...given(words, setting).map((path) => `/${path.replace(/^\/+/, "")}`)],
      };
    case "exclude-accepted":
      return { ...options, excludeAccepted: isOn(value, setting) };
    case "include-absent":
      return { ...options, includeAbsent: isOn(value, setting) };
    case "group-by-package":
      return { ...options, groupByPackage: isOn(value, setting) };
    default:
      throw bad(setting);
  }
}

function severityOf(value: string, setting: string): RatedSeverity | null {
  if (value === "any") return null;
  const severity = parseSeverity(value);
  if (severity === null || severity === "unknown") throw bad(setting);
  return severity;
}

function given(words: readonly string[], setting: string): readonly string[] {
  if (words.length === 0) throw bad(setting);
  return words;
}

function isOn(value: string, setting: string): boolean {
  if (value !== "" && value !== "true" && value !== "false") throw bad(setting);
  return value !== "false";
}

function bad(setting: string) {
  return formatError("BAD_SARIF_SETTING", { fields: { setting: JSON.stringify(setting) } });
}
