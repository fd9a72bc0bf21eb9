import { plainText } from "@plimsoll/kit";
import { distroLabel, type Finding, type Package, type Report, type Severity } from "@plimsoll/model";
import type { ReportFormat, WriteOptions } from "../format.ts";
import { jsonText } from "../json-text.ts";
import { markdownText } from "../markup.ts";
import { indexReport } from "../report-index.ts";
import { vulnerabilityLink } from "../vulnerability-link.ts";
import { instantOf, pullStringOf } from "../wire-values.ts";

const schemaVersion = "15.0.7";

/** GitLab's container scanning report, schema 15.0.7. */
export const gitlab = {
  name: "gitlab",
  mediaType: "application/json",
  extension: "json",
  write: (report, options) => {
    const { findings, packages } = indexReport(report);
    const place = {
      image: plainText(pullStringOf(report, options), 500) || "unknown",
      os: distroLabel(report.sbom.distro),
    };
    return jsonText({
      version: schemaVersion,
      scan: scanOf(report, options),
      vulnerabilities: findings.flatMap((finding) => {
        const pkg = packages.get(finding.packageId);
        return pkg === undefined ? [] : [vulnerabilityOf(finding, pkg, place)];
      }),
      remediations: [],
    });
  },
} satisfies ReportFormat;

function scanOf({ problems }: Report, { scanner, scanTime, scanDurationMs }: WriteOptions) {
  const tool = { id: "plimsoll", name: scanner.name, version: scanner.version, vendor: { name: "Plimsoll" } };
  const start = Date.parse(instantOf(scanTime) ?? "1970-01-01T00:00:00Z");
  return {
    analyzer: tool,
    scanner: tool,
    type: "container_scanning",
    start_time: wholeSeconds(start),
    end_time: wholeSeconds(start + scanDurationMs),
    status: "success",
    messages: problems.map(({ level, message, path }) => ({
      level: level === "note" ? "info" : "warn",
      value: plainText([level, path, message].filter((part) => part !== undefined).join(": "), 1000),
    })),
  };
}

function wholeSeconds(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19);
}

const severityNames: Readonly<Record<Severity, string>> = {
  critical: "Critical",
  high: "High",
  medium: "Medium",
  low: "Low",
  negligible: "Info",
  unknown: "Unknown",
};

function vulnerabilityOf(finding: Finding, pkg: Package, place: { readonly image: string; readonly os: string }) {
  const { vulnerability, aliases, title, severity, fixVersion, cvss, cvssProvider } = finding;
  const link = vulnerabilityLink(vulnerability);
  return {
    id: finding.id,
    name: plainText(title ?? vulnerability, 250),
    // GitLab shows it as Markdown.
    description: `${markdownText(vulnerability, 200)} in ${markdownText(`${pkg.name} ${pkg.version}`, 600)}${title === undefined ? "" : `: ${markdownText(title)}`}`,
    severity: severityNames[severity],
    ...(fixVersion !== undefined && {
      solution: `Upgrade ${markdownText(pkg.name)} to ${markdownText(fixVersion, 200)}`,
    }),
    identifiers: [vulnerability, ...aliases].map(identifierOf),
    ...(cvss !== null &&
      isBaseVector(cvss.vector) && { cvss_vectors: [{ vendor: cvssProvider ?? "unknown", vector: cvss.vector }] }),
    links: link === null ? [] : [{ url: link }],
    location: {
      dependency: { package: { name: plainText(pkg.name, 500) }, version: plainText(pkg.version, 500) },
      operating_system: plainText(place.os, 200),
      image: place.image,
    },
  };
}

function identifierOf(id: string) {
  const url = vulnerabilityLink(id);
  const name = plainText(id, 200) || "unknown";
  const type = /^([A-Za-z]+)-/.exec(id)?.[1]?.toLowerCase() ?? "plimsoll";
  return { type, name, value: name, ...(url !== null && { url }) };
}

/** The schema takes CVSS 3 vectors of known metrics only. */
function isBaseVector(vector: string): boolean {
  return /^CVSS:3\.[01]\/AV:[NALP]\/AC:[LH]\/PR:[NLH]\/UI:[NR]\/S:[UC]\/C:[NLH]\/I:[NLH]\/A:[NLH]$/.test(vector);
}
