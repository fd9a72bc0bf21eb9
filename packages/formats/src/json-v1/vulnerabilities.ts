import type { VulnerabilityV1 } from "@plimsoll/contract";
import type { Finding, ProviderView, Severity } from "@plimsoll/model";
import { baselineStateOf } from "../against-baseline.ts";
import type { ReportIndex } from "../report-index.ts";
import { dayOf, instantOf } from "../wire-values.ts";

type ProvidersV1 = NonNullable<VulnerabilityV1["providersMetadata"]>;

/** `result.vulnerabilities`: one per (vulnerability × package) by its id. */
export function vulnerabilitiesV1({ findings, report }: ReportIndex): Record<string, VulnerabilityV1> {
  return Object.fromEntries(
    findings.map((finding) => {
      const baselineState = baselineStateOf(finding, report);
      return [finding.id, { ...vulnerabilityV1(finding), ...(baselineState !== null && { baselineState }) }];
    }),
  );
}

function vulnerabilityV1(finding: Finding): VulnerabilityV1 {
  const { cvss, exploit, fixVersion, fixDate, severityProvider, disclosed, aliases } = finding;
  const solutionDate = fixDate === undefined ? null : dayOf(fixDate);
  return {
    name: finding.vulnerability,
    packageRef: finding.packageId,
    ...severityV1(finding.severity),
    exploitable: exploit !== null,
    // Decision 6: real reports print this score where nobody gave one.
    cvssScore: { version: cvss?.version ?? "3.0", score: cvss?.score ?? 0, vector: cvss?.vector ?? "" },
    disclosureDate: disclosed.date,
    ...(disclosed.estimated && { dateEstimated: true }),
    ...(solutionDate !== null && { solutionDate }),
    ...(fixVersion !== undefined && { fixVersion }),
    ...(severityProvider !== null && { mainProvider: severityProvider }),
    riskAcceptRefs: null,
    ...exploitV1(exploit),
    ...kevV1(finding.kev),
    providersMetadata: providersV1(finding),
    ...(aliases.length > 0 && { aliases: [...aliases] }),
    fixState: finding.fixState,
  };
}

function severityV1(severity: Severity): Pick<VulnerabilityV1, "severity" | "unrated"> {
  return severity === "unknown" ? { severity: "medium", unrated: true } : { severity };
}

function exploitV1(exploit: Finding["exploit"]): Pick<VulnerabilityV1, "exploit"> {
  if (exploit === null) return {};
  const publicationDate = exploit.published === undefined ? null : instantOf(exploit.published);
  return { exploit: { ...(publicationDate !== null && { publicationDate }), links: [...exploit.links] } };
}

function kevV1(kev: Finding["kev"]): Pick<VulnerabilityV1, "cisaKev"> {
  const dueDate = kev === null ? null : instantOf(kev.due);
  if (kev === null || dueDate === null) return {};
  const publishDate = instantOf(kev.added);
  const cisaKev = { dueDate, knownRansomwareCampaignUse: kev.ransomware };
  return { cisaKev: publishDate === null ? cisaKev : { publishDate, ...cisaKev } };
}

/** Every source by its key, plus EPSS under `first.org` and the catalogue's date under `cisakev`, sorted. */
function providersV1({ providers, epss, kev }: Finding): ProvidersV1 {
  const entries: [string, ProvidersV1[string]][] = Object.entries(providers).map(([key, view]) => [key, viewV1(view)]);
  const timestamp = epss === null ? null : instantOf(epss.date);
  if (epss !== null && timestamp !== null) {
    entries.push(["first.org", { epssScore: { score: epss.score, percentile: epss.percentile, timestamp } }]);
  }
  const added = kev === null ? null : instantOf(kev.added);
  if (added !== null) entries.push(["cisakev", { publicationDate: added }]);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function viewV1({ severity, published, cvss }: ProviderView): ProvidersV1[string] {
  const publicationDate = published === undefined ? null : instantOf(published);
  return {
    ...(severity !== undefined && severity !== "unknown" && { severity }),
    ...(publicationDate !== null && { publicationDate }),
    ...(cvss !== undefined && {
      cvssScore: {
        version: cvss.version,
        vector: cvss.vector,
        score: cvss.score,
        ...(cvss.exploitabilityScore !== undefined && { exploitability_score: cvss.exploitabilityScore }),
        ...(cvss.impactScore !== undefined && { impact_score: cvss.impactScore }),
      },
    }),
  };
}
