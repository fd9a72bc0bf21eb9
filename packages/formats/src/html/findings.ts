import { ecosystemOf, type Finding, type Package, type Severity } from "@plimsoll/model";
import { acceptedFindings } from "../accepted-findings.ts";
import { baselineStateOf } from "../against-baseline.ts";
import { layerCommand } from "../layer-command.ts";
import { htmlText } from "../markup.ts";
import type { ReportIndex } from "../report-index.ts";
import { severityWords } from "../severity-words.ts";
import { sizeText } from "../sizes.ts";
import { vulnerabilityLink } from "../vulnerability-link.ts";
import { pathOf } from "../wire-values.ts";
import { countSeverities, worstPackages } from "../worst-packages.ts";
import { table } from "./table.ts";

const counted = ["critical", "high", "medium", "low", "negligible", "unknown"] as const satisfies readonly Severity[];

/** A severity as a word in its colour. */
export function severityMark(severity: Severity): string {
  return `<span class="severity ${severity}">${severityWords[severity]}</span>`;
}

/** Affected packages, worst first. */
export function packagesTable(index: ReportIndex): string[] {
  const rows = worstPackages(index).map((pkg) => {
    const counts = countSeverities(index.findingsOf.get(pkg.id) ?? []);
    const layer = index.layerOf(pkg.introducedIn);
    return [
      `<code>${htmlText(pkg.name, 300)}</code>`,
      htmlText(pkg.version, 200),
      ecosystemOf(pkg.ecosystem).label,
      htmlText(index.fixOf.get(pkg.id)?.clearsAll ?? "", 200),
      ...counted.map((severity) => (counts[severity] === 0 ? "" : String(counts[severity]))),
      layer === null ? "" : String(layer.layer.index),
      `<code>${htmlText(pathOf(pkg), 600)}</code>`,
    ];
  });
  const columns = [
    ...["Package", "Version", "Type", "Cleared by"].map((title) => ({ title })),
    ...counted.map((severity) => ({ title: severityMark(severity), isNumber: true })),
    { title: "Layer", isNumber: true },
    { title: "Path" },
  ];
  return rows.length === 0 ? [] : ["<h2>Packages</h2>", ...table("Affected packages, worst first", columns, rows)];
}

/** Every vulnerability of every package, worst first. */
export function findingsTable(index: ReportIndex): string[] {
  const accepted = acceptedFindings(index.report);
  const rows = index.findings.flatMap((finding) => {
    const pkg = index.packages.get(finding.packageId);
    if (pkg === undefined) return [];
    const state = baselineStateOf(finding, index.report);
    return [[...(state === null ? [] : [state]), ...findingRow(finding, pkg, accepted.has(finding.id))]];
  });
  const columns = [
    ...(index.report.baseline === undefined ? [] : [{ title: "Baseline" }]),
    { title: "Vulnerability" },
    { title: "Severity" },
    { title: "CVSS", isNumber: true },
    { title: "EPSS", isNumber: true },
    ...["Package", "Installed", "Fixed in", "Exploit", "Disclosed", "Title"].map((title) => ({ title })),
  ];
  return rows.length === 0 ? [] : ["<h2>Findings</h2>", ...table("Findings, worst first", columns, rows)];
}

function findingRow(finding: Finding, pkg: Package, isAccepted: boolean): string[] {
  const { vulnerability, aliases, severity, cvss, epss, kev, exploit, disclosed } = finding;
  const url = vulnerabilityLink(vulnerability);
  const id = htmlText(vulnerability, 120);
  const also = aliases.length === 0 ? "" : `<br><span class="quiet">${htmlText(aliases.join(", "), 300)}</span>`;
  return [
    `${url === null ? id : `<a href="${htmlText(url)}" rel="noreferrer">${id}</a>`}${also}`,
    `${severityMark(severity)}${isAccepted ? " (accepted)" : ""}`,
    cvss === null ? "" : cvss.score.toFixed(1),
    epss === null ? "" : `${(epss.score * 100).toFixed(1)} %`,
    `<code>${htmlText(pkg.name, 300)}</code>`,
    htmlText(pkg.version, 200),
    fixWords(finding),
    kev !== null ? "exploited (CISA KEV)" : exploit !== null ? "public" : "",
    `${htmlText(disclosed.date, 20)}${disclosed.estimated ? " (estimated)" : ""}`,
    htmlText(finding.title ?? "", 300),
  ];
}

function fixWords({ fixVersion, fixState }: Finding): string {
  if (fixVersion !== undefined) return htmlText(fixVersion, 200);
  return fixState === "wont-fix" ? "will not be fixed" : fixState === "not-fixed" ? "not fixed yet" : "";
}

/** History of the image with what each layer brought, lowest first. */
export function layersTable({ layers, findings, packages, layerOf }: ReportIndex): string[] {
  const byLayer = Map.groupBy(
    findings,
    ({ packageId }) => layerOf(packages.get(packageId)?.introducedIn ?? null)?.key ?? "",
  );
  const rows = layers.map(({ key, layer }) => {
    const counts = countSeverities(byLayer.get(key) ?? []);
    return [
      String(layer.index),
      `<code>${htmlText(layerCommand(layer.command), 600)}</code>`,
      layer.size === null ? "" : sizeText(layer.size),
      ...counted.map((severity) => (counts[severity] === 0 ? "" : String(counts[severity]))),
    ];
  });
  const columns = [
    { title: "Layer" },
    { title: "Command" },
    { title: "Size", isNumber: true },
    ...counted.map((severity) => ({ title: severityMark(severity), isNumber: true })),
  ];
  return rows.length === 0
    ? []
    : ["<h2>Layers</h2>", ...table("Layers with the vulnerabilities they brought", columns, rows)];
}
