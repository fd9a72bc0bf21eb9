import {
  type FindingChange,
  type FindingState,
  findingStates,
  type PackageChange,
  type Severity,
  severities,
  type Tally,
} from "@plimsoll/model";
import { nameText, prose } from "../console/context.ts";
import { type Cell, type Column, table } from "../console/table.ts";
import { layerOf, nameOf, stateWords, summaryWords, totalOf, versionWords, whyWords } from "../diff-words.ts";
import { severityWords } from "../severity-words.ts";
import { groupDigits } from "../sizes.ts";
import { type DiffScene, shownRows } from "./scene.ts";

/** One line for everything, then a table by severity and state. */
export function countLines({ difference, columns, paint }: DiffScene): string[] {
  const summary = prose(summaryWords(difference), { columns, indent: "" }).map((line) => paint("heading", line));
  const states = findingStates.filter((state) => totalOf(difference, state) > 0);
  if (states.length === 0) return summary;
  const rows = severities
    .filter((severity) => states.some((state) => difference.counts[state][severity].total > 0))
    .map((severity): Cell[] => [
      { text: severityWords[severity], tone: severity },
      ...states.map((state) => countCell(difference.counts[state][severity], state, severity)),
    ]);
  const titles: Column[] = [
    { title: "" },
    ...states.map((state): Column => ({ title: stateWords[state].toUpperCase(), align: "right" })),
  ];
  return [...summary, ...table(titles, rows, { columns, indent: 2, paint })];
}

function countCell({ total, fixable }: Tally, state: FindingState, severity: Severity): Cell {
  if (total === 0) return { text: "·", tone: "quiet" };
  const count = groupDigits(total);
  if (state !== "added" && state !== "worsened") return { text: count, tone: state === "fixed" ? "good" : "plain" };
  return { text: fixable > 0 ? `${count} (${groupDigits(fixable)} fixable)` : count, tone: severity };
}

const headings: Readonly<Record<FindingState, string>> = {
  added: "New",
  worsened: "Worse than before",
  fixed: "Fixed",
  eased: "Better than before",
  unchanged: "Unchanged",
};

/** The findings in one state, worst first. */
export function findingLines(scene: DiffScene, state: FindingState): string[] {
  const { difference, columns, paint, everyRow } = scene;
  const found = difference.findings.filter((change) => change.state === state);
  if (found.length === 0) return [];
  const shown = everyRow ? found : found.slice(0, shownRows);
  const titles: Column[] = [
    { title: "SEVERITY" },
    { title: "VULNERABILITY", min: 14 },
    { title: "PACKAGE", min: 12 },
    { title: "VERSION", min: 10 },
    { title: "FIX", min: 8, drop: 1 },
    { title: "WHY", min: 12 },
    { title: "LAYER", min: 5, overflow: "cut", drop: 2 },
  ];
  const more = found.length - shown.length;
  return [
    paint("heading", `${headings[state]} (${groupDigits(found.length)})`),
    ...table(titles, shown.map(rowOf), { columns, indent: 2, paint }),
    ...(more > 0 ? [paint("quiet", `  and ${groupDigits(more)} more; all with --full-vulns-table`)] : []),
  ];
}

function rowOf(change: FindingChange): Cell[] {
  const finding = change.after ?? change.before;
  const severity = finding?.severity ?? "unknown";
  const isGone = change.state === "fixed";
  return [
    { text: severityWords[severity], tone: isGone ? "quiet" : severity },
    { text: `${nameText(finding?.vulnerability ?? "", 60)}${flagOf(change)}` },
    { text: nameText(nameOf(change.package), 80), tone: "strong" },
    { text: nameText(versionWords(change.package), 120) },
    { text: nameText(finding?.fixVersion ?? (isGone ? "" : "none yet"), 60), tone: isGone ? "quiet" : "good" },
    { text: whyWords(change), tone: change.state === "worsened" ? "warn" : "plain" },
    { text: layerText(change.package), tone: "quiet" },
  ];
}

function flagOf({ after }: FindingChange): string {
  if (after === null) return "";
  return after.kev !== null ? " exploited" : after.exploit !== null ? " exploit" : "";
}

export function layerText(change: PackageChange): string {
  const layer = layerOf(change);
  return layer === null ? "" : `${layer.place} ${layer.command.slice(0, 60)}`;
}
