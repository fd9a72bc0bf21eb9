import { type Finding, lookUp, type Severity } from "@plimsoll/model";
import { acceptedFindings } from "../accepted-findings.ts";
import type { ReportIndex } from "../report-index.ts";
import { vulnerabilityLink } from "../vulnerability-link.ts";
import { instantOf } from "../wire-values.ts";
import type { BomProperty } from "./property.ts";

type BomSeverity = "critical" | "high" | "medium" | "low" | "info" | "unknown";
type BomMethod = "CVSSv2" | "CVSSv3" | "CVSSv31" | "CVSSv4" | "other";

export interface BomSource {
  readonly url?: string;
  readonly name?: string;
}

export interface BomRating {
  readonly source?: BomSource;
  readonly score?: number;
  readonly severity: BomSeverity;
  readonly method?: BomMethod;
  readonly vector?: string;
}

/** A vulnerability and the components it affects (CycloneDX, `vulnerability`), as far as we write it. */
export interface BomVulnerability {
  readonly "bom-ref": string;
  readonly id: string;
  readonly source?: BomSource;
  readonly references?: readonly { readonly id: string; readonly source: BomSource }[];
  readonly ratings: readonly BomRating[];
  readonly description?: string;
  readonly recommendation?: string;
  readonly published?: string;
  readonly analysis?: { readonly state: "exploitable"; readonly response: readonly ["will_not_fix"] };
  readonly affects: readonly {
    readonly ref: string;
    readonly versions: readonly { readonly version: string; readonly status: "affected" }[];
  }[];
  readonly properties: readonly BomProperty[];
}

/** One entry a vulnerability and package: severity, fix and acceptance are facts of the pair. */
export function bomVulnerabilities(index: ReportIndex): BomVulnerability[] {
  const accepted = acceptedFindings(index.report);
  return index.findings.map((finding) => bomVulnerability(finding, { index, isAccepted: accepted.has(finding.id) }));
}

function bomVulnerability(
  finding: Finding,
  { index, isAccepted }: { readonly index: ReportIndex; readonly isAccepted: boolean },
): BomVulnerability {
  const { aliases, disclosed, fixVersion, title } = finding;
  const version = index.packages.get(finding.packageId)?.version ?? "";
  const published = disclosed.estimated ? null : instantOf(disclosed.date);
  const url = vulnerabilityLink(finding.vulnerability);
  return {
    "bom-ref": `finding-${finding.id}`,
    id: finding.vulnerability,
    ...(url !== null && { source: { url } }),
    ...(aliases.length > 0 && { references: aliases.map((id) => ({ id, source: sourceOf(id) })) }),
    ratings: ratingsOf(finding),
    ...(title !== undefined && { description: title }),
    ...(fixVersion !== undefined && { recommendation: `Upgrade to ${fixVersion}` }),
    ...(published !== null && { published }),
    ...(isAccepted && { analysis: { state: "exploitable", response: ["will_not_fix"] } as const }),
    affects: [{ ref: finding.packageId, versions: [{ version, status: "affected" }] }],
    properties: propertiesOf(finding, isAccepted),
  };
}

/** The headline first, then what each publisher says. */
function ratingsOf({ severity, severityProvider, cvss, cvssProvider, providers }: Finding): BomRating[] {
  const headline: BomRating = {
    ...(severityProvider !== null && { source: { name: severityProvider } }),
    severity: severityWord(severity),
    ...(severityProvider === cvssProvider && scoreOf(cvss)),
  };
  const views = Object.entries(providers)
    .filter(([name, view]) => (view.cvss ?? view.severity) !== undefined && name !== severityProvider)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, view]) => ({
      source: { name },
      severity: severityWord(view.severity ?? "unknown"),
      ...scoreOf(view.cvss ?? null),
    }));
  return [headline, ...views];
}

const methods: Readonly<Record<string, BomMethod>> = {
  "2.0": "CVSSv2",
  "3.0": "CVSSv3",
  "3.1": "CVSSv31",
  "4.0": "CVSSv4",
};

function scoreOf(cvss: Finding["cvss"]): Pick<BomRating, "score" | "method" | "vector"> {
  if (cvss === null) return {};
  const { version, score, vector } = cvss;
  return { score, method: lookUp(methods, version) ?? "other", ...(vector !== "" && { vector }) };
}

/** The schema has no "negligible": "info" is its lowest word. */
function severityWord(severity: Severity): BomSeverity {
  return severity === "negligible" ? "info" : severity;
}

function sourceOf(id: string): BomSource {
  const url = vulnerabilityLink(id);
  return url === null ? { name: "unknown" } : { url };
}

function propertiesOf({ fixState, fixVersion, fixDate, kev, epss, exploit }: Finding, isAccepted: boolean) {
  const facts: readonly (readonly [string, string | undefined])[] = [
    ["fixState", fixState],
    ["fixVersion", fixVersion],
    ["fixDate", fixDate],
    ["kevDue", kev?.due],
    ["epss", epss === null ? undefined : String(epss.score)],
    ["exploits", exploit === null ? undefined : String(exploit.count)],
    ["accepted", isAccepted ? "true" : undefined],
  ];
  return facts.flatMap(([name, value]) => (value === undefined ? [] : [{ name: `plimsoll:${name}`, value }]));
}
