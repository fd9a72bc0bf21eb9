import { ecosystemOf, type Finding, type Package, type Severity } from "@plimsoll/model";
import { acceptedFindings } from "../accepted-findings.ts";
import type { ReportFormat } from "../format.ts";
import { indexReport } from "../report-index.ts";
import { vulnerabilityLink } from "../vulnerability-link.ts";
import { dayOf, pathOf } from "../wire-values.ts";
import { csvLine } from "./csv-line.ts";

/** The reference's own columns, as vulnerability managers read them (contract 3.8); a row per package and vulnerability. */
const columns = [
  "CVE ID",
  "CVE Severity",
  "CVSS Score",
  "CVSS Score Version",
  "Package Name",
  "Package Version",
  "Package Type",
  "Package Path",
  "Fix Version",
  "CVE URL",
  "Vuln Disclosure Date",
  "Vuln Fix Date",
  "Risk Accepted",
  "EPSS Score",
];

/** CSV (RFC 4180) of all findings, worst first. */
export const csv = {
  name: "csv",
  mediaType: "text/csv; charset=utf-8; header=present",
  extension: "csv",
  write: (report) => {
    const accepted = acceptedFindings(report);
    const { findings, packages } = indexReport(report);
    const rows = findings.flatMap((finding) => {
      const pkg = packages.get(finding.packageId);
      return pkg === undefined ? [] : [csvLine(row(finding, pkg, accepted.has(finding.id)))];
    });
    return [csvLine(columns), ...rows].join("");
  },
} satisfies ReportFormat;

function row(finding: Finding, pkg: Package, isAccepted: boolean): string[] {
  const { cvss, epss, fixDate } = finding;
  return [
    finding.vulnerability,
    severityWord(finding.severity),
    String(Number((cvss?.score ?? 0).toFixed(1))),
    cvss?.version ?? "3.0",
    pkg.name,
    pkg.version,
    ecosystemOf(pkg.ecosystem).wireType,
    pathOf(pkg),
    finding.fixVersion ?? "",
    vulnerabilityLink(finding.vulnerability) ?? "",
    dayOf(finding.disclosed.date) ?? "",
    fixDate === undefined ? "" : (dayOf(fixDate) ?? ""),
    String(isAccepted),
    epss === null ? "" : String(epss.score),
  ];
}

/** Capitalised as in v0; its readers know five words, so the unrated are medium with score 0 (decision 6). */
function severityWord(severity: Severity): string {
  const word = severity === "unknown" ? "medium" : severity;
  return `${word.charAt(0).toUpperCase()}${word.slice(1)}`;
}
