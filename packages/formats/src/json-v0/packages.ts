import type { PackageV0, VulnV0 } from "@plimsoll/contract";
import { ecosystemOf, type Finding, type Package, type Severity } from "@plimsoll/model";
import type { ReportIndex } from "../report-index.ts";
import { dayOf, instantOf, pathOf, versionOf } from "../wire-values.ts";

/** One row of `result.packages`; `vulns` is left out when there are none (contract 3.8). */
export function packageV0(pkg: Package, index: ReportIndex, withLayers: boolean): PackageV0 {
  const layer = withLayers ? index.layerOf(pkg.introducedIn) : null;
  const fix = index.fixOf.get(pkg.id);
  const findings = index.findingsOf.get(pkg.id) ?? [];
  return {
    type: ecosystemOf(pkg.ecosystem).wireType,
    name: pkg.name,
    version: versionOf(pkg),
    path: pathOf(pkg),
    ...(layer !== null && { layerDigest: layer.layer.diffId ?? "" }),
    ...(fix !== undefined && { suggestedFix: fix.suggestedFix }),
    ...(findings.length > 0 && { vulns: findings.map(vulnV0) }),
  };
}

const severityWords: Readonly<Record<Severity, VulnV0["severity"]["value"]>> = {
  critical: "Critical",
  high: "High",
  medium: "Medium",
  low: "Low",
  negligible: "Negligible",
  unknown: "Medium",
};

function vulnV0(finding: Finding): VulnV0 {
  const { cvss, fixDate, fixVersion, severity } = finding;
  const value = { version: cvss?.version ?? "3.0", score: cvss?.score ?? 0, vector: cvss?.vector ?? "" };
  const solutionDate = fixDate === undefined ? null : dayOf(fixDate);
  const publishDateByVendor = datesByVendor(finding);
  return {
    name: finding.vulnerability,
    severity: { value: severityWords[severity], sourceName: finding.severityProvider ?? "" },
    cvssScore: { value, sourceName: finding.cvssProvider ?? "" },
    disclosureDate: finding.disclosed.date,
    ...(solutionDate !== null && { solutionDate }),
    exploitable: finding.exploit !== null,
    ...(fixVersion !== undefined && { fixedInVersion: fixVersion }),
    ...(Object.keys(publishDateByVendor).length > 0 && { publishDateByVendor }),
    ...annotationsV0(finding.kev),
    ...(severity === "unknown" && { unrated: true }),
  };
}

function datesByVendor({ providers, kev }: Finding): Record<string, string> {
  const dates = Object.entries(providers).map(([key, { published }]): [string, string | null] => {
    return [key, published === undefined ? null : dayOf(published)];
  });
  if (kev !== null) dates.push(["cisakev", dayOf(kev.added)]);
  const known = dates.flatMap(([key, day]): [string, string][] => (day === null ? [] : [[key, day]]));
  return Object.fromEntries(known.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function annotationsV0(kev: Finding["kev"]): Pick<VulnV0, "annotations"> {
  const due = kev === null ? null : instantOf(kev.due);
  if (kev === null || due === null) return {};
  return {
    annotations: { "cisakev.dueDate": due, "cisakev.knownRansomwareCampaignUse": String(kev.ransomware) },
  };
}
