import type { Finding, Package } from "@plimsoll/model";
import { severityWords } from "../severity-words.ts";
import { nameText, type Scene } from "./context.ts";
import { flagText } from "./packages.ts";
import { type Cell, type Column, table } from "./table.ts";

/** One row for every finding of these packages (`--full-vulns-table`), in their order. */
export function findingTable(packages: readonly Package[], scene: Scene): string[] {
  const columns: Column[] = [
    { title: "PACKAGE", min: 12 },
    { title: "VERSION", min: 8 },
    { title: "VULNERABILITY", min: 14 },
    { title: "SEVERITY" },
    { title: "CVSS", align: "right" },
    { title: "FIX", min: 8 },
    { title: "FIXED ON", drop: 3 },
    { title: "EPSS", align: "right", drop: 1 },
    { title: "TITLE", min: 20, overflow: "cut", drop: 2 },
  ];
  const rows = packages.flatMap((pkg) => {
    return (scene.index.findingsOf.get(pkg.id) ?? []).map((finding) => findingRow(pkg, finding));
  });
  return rows.length === 0 ? [] : table(columns, rows, { columns: scene.columns, indent: 2, paint: scene.paint });
}

function findingRow(pkg: Package, finding: Finding): Cell[] {
  const { severity, cvss, epss, fixVersion, fixState, fixDate, title } = finding;
  return [
    { text: nameText(pkg.name, 80), tone: "strong" },
    { text: nameText(pkg.version, 60) },
    { text: `${nameText(finding.vulnerability, 60)}${flagText(finding)}` },
    { text: severityWords[severity], tone: severity },
    { text: cvss === null ? "" : cvss.score.toFixed(1) },
    fixVersion === undefined
      ? { text: fixState === "wont-fix" ? "won't fix" : "none yet", tone: "quiet" }
      : { text: nameText(fixVersion, 60), tone: "good" },
    { text: nameText(fixDate ?? "", 10), tone: "quiet" },
    { text: epss === null ? "" : `${(epss.score * 100).toFixed(1)}%` },
    { text: nameText(title ?? "", 120), tone: "quiet" },
  ];
}
