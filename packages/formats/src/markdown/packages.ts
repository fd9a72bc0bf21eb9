import { ecosystemOf, type Package, type Severity } from "@plimsoll/model";
import { fixesFor, type Upgrade } from "../fix-command.ts";
import { markdownCode, markdownText } from "../markup.ts";
import type { ReportIndex } from "../report-index.ts";
import { severityWords } from "../severity-words.ts";
import { vulnerabilityLink } from "../vulnerability-link.ts";
import { countSeverities, worstPackages } from "../worst-packages.ts";
import { type Section, table } from "./rows.ts";

/** The commands that clear what can be cleared. Only harmless names are in them, so a fence holds. */
export function fixesSection(index: ReportIndex): Section {
  const upgrades = worstPackages(index).flatMap((pkg) => upgradeOf(pkg, index));
  const fixes = fixesFor(upgrades, index.report.sbom.distro);
  if (fixes.length === 0) return { head: [], rows: [], tail: [] };
  const commands = fixes.filter(({ kind }) => kind === "command").map(({ words }) => words.join(" \\\n  "));
  const byHand = fixes.filter(({ kind }) => kind === "text").map(({ words }) => `- ${markdownText(words.join(" "))}`);
  const fenced = commands.length === 0 ? [] : ["```sh", ...commands.slice(0, 20), "```"];
  return {
    head: ["### To fix what can be fixed", "", ...fenced],
    rows: byHand.length > 0 && fenced.length > 0 ? ["", ...byHand] : byHand,
    tail: [],
  };
}

function upgradeOf({ id, ecosystem, name, role }: Package, { fixOf }: ReportIndex): Upgrade[] {
  const fix = fixOf.get(id);
  return fix === undefined ? [] : [{ ecosystem, name, version: fix.clearsAll, isToolchain: role === "toolchain" }];
}

const counted = ["critical", "high", "medium", "low", "negligible", "unknown"] as const satisfies readonly Severity[];

/** Affected packages, worst first, with the layer that brought them. */
export function packagesSection(index: ReportIndex): Section {
  const rows = worstPackages(index).map((pkg) => {
    const findings = index.findingsOf.get(pkg.id) ?? [];
    const counts = countSeverities(findings);
    const told = counted
      .filter((severity) => counts[severity] > 0)
      .map((severity) => `${counts[severity]} ${severityWords[severity].toLowerCase()}`);
    const layer = index.layerOf(pkg.introducedIn);
    return [
      markdownCode(pkg.name),
      ecosystemOf(pkg.ecosystem).wireType,
      markdownCode(pkg.version),
      markdownCode(index.fixOf.get(pkg.id)?.suggestedFix ?? ""),
      told.join(", "),
      String(findings.filter(({ exploit }) => exploit !== null).length),
      layer === null ? "" : String(layer.layer.index),
    ];
  });
  return table(
    "Packages",
    ["Package", "Type", "Version", "Suggested fix", "Vulnerabilities", "Exploits", "Layer"],
    rows,
  );
}

/** Every vulnerability that fits, worst first, folded away. */
export function findingsSection(index: ReportIndex): Section {
  const rows = index.findings.map((finding) => {
    const pkg = index.packages.get(finding.packageId);
    const url = vulnerabilityLink(finding.vulnerability);
    const id = markdownText(finding.vulnerability, 100);
    return [
      severityWords[finding.severity],
      url === null ? id : `[${id}](${url})`,
      markdownCode(pkg === undefined ? "" : `${pkg.name} ${pkg.version}`),
      finding.cvss === null ? "" : finding.cvss.score.toFixed(1),
      markdownCode(finding.fixVersion ?? ""),
      finding.kev !== null ? "known" : finding.exploit !== null ? "public" : "",
    ];
  });
  if (rows.length === 0) return { head: [], rows: [], tail: [] };
  const { head, rows: lines } = table(
    "",
    ["Severity", "Vulnerability", "Package", "CVSS", "Fixed in", "Exploit"],
    rows,
  );
  const summary = ["<details>", `<summary>Every finding (${rows.length})</summary>`];
  return { head: [...summary, ...head.slice(1)], rows: lines, tail: ["", "</details>"] };
}
