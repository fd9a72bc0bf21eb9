import { onlyNew } from "../against-baseline.ts";
import type { ReportFormat } from "../format.ts";
import { indexReport } from "../report-index.ts";
import { worstPackages } from "../worst-packages.ts";
import { baselineLines } from "./baseline.ts";
import { type Scene, usableColumns } from "./context.ts";
import { countLines } from "./counts.ts";
import { findingTable } from "./findings.ts";
import { fixLines } from "./fixes.ts";
import { packageSections } from "./grouped.ts";
import { headerLines } from "./header.ts";
import { paintWith } from "./paint.ts";
import { policyLines } from "./policies.ts";
import { incompleteLines, remarkLines } from "./problems.ts";
import { referenceSections } from "./reference.ts";
import { verdictLines } from "./verdict.ts";

/** The report for people: fits the given width, colours only where asked for, every name from outside made harmless. */
export const consoleText = {
  name: "console",
  mediaType: "text/plain; charset=utf-8",
  extension: "txt",
  write: (report, options) => {
    const isReference = options.text.reference;
    const index = indexReport(isReference ? report : onlyNew(report));
    const columns = usableColumns(options.text.columns);
    const scene: Scene = { index, options, columns, paint: paintWith(options.text.colors) };
    const sections = isReference ? inReferenceWords(scene) : inOurWords(scene);
    return `${sections
      .filter((lines) => lines.length > 0)
      .map((lines) => lines.join("\n"))
      .join("\n\n")}\n`;
  },
} satisfies ReportFormat;

function inOurWords(scene: Scene): string[][] {
  const packages = worstPackages(scene.index);
  return [
    headerLines(scene),
    verdictLines(scene),
    baselineLines(scene),
    incompleteLines(scene),
    countLines(scene),
    ...packageSections(packages, scene),
    fixLines(packages, scene),
    policyLines(scene),
    remarkLines(scene),
  ];
}

function inReferenceWords(scene: Scene): string[][] {
  const packages = worstPackages(scene.index);
  const { everyFinding, everyRule, groupBy } = scene.options.text;
  return [
    ...referenceSections(packages, scene),
    baselineLines(scene),
    ...(groupBy === "nothing" ? [] : packageSections(packages, scene)),
    ...(everyFinding ? [findingTable(packages, scene)] : []),
    ...(everyRule ? [policyLines(scene)] : []),
    incompleteLines(scene),
    remarkLines(scene),
  ];
}
