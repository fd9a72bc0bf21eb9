import type { ComparedSide, Difference, FindingChange, FindingState, PolicyChange } from "@plimsoll/model";
import { findingStates, severities } from "@plimsoll/model";
import type { DiffFormat } from "../diff-format.ts";
import {
  changedPackages,
  doubts,
  findingsByPackage,
  knowledgeWords,
  layerOf,
  layersWords,
  nameOf,
  sideWords,
  stateWords,
  summaryWords,
  totalOf,
  verdictWord,
  versionWords,
  whyWords,
} from "../diff-words.ts";
import { layerCommand } from "../layer-command.ts";
import { fitting, type Section, table } from "../markdown/rows.ts";
import { markdownCode, markdownText } from "../markup.ts";
import { severityWords } from "../severity-words.ts";
import { vulnerabilityLink } from "../vulnerability-link.ts";

/** Longest comment that GitHub takes is 65,536 characters (its documentation, 2026). */
const mostCharacters = 60_000;
const nothing: Section = { head: [], rows: [], tail: [] };

/** Markdown for a comment on a change: what is new first, the rest folded away. The first line marks it, so that a pipeline can replace its own comment. */
export const diffMarkdown = {
  name: "markdown",
  mediaType: "text/markdown; charset=utf-8; variant=GFM",
  extension: "md",
  write: (difference) =>
    fitting(mostCharacters, [
      headSection(difference),
      doubtsSection(difference),
      countsSection(difference),
      findingsSection(difference, "added", "New"),
      findingsSection(difference, "worsened", "Worse than before"),
      policiesSection(difference),
      folded("Fixed", findingsSection(difference, "fixed", "")),
      folded("Better than before", findingsSection(difference, "eased", "")),
      folded("Packages that differ", packagesSection(difference)),
      folded("Layers", layersSection(difference)),
    ]),
} satisfies DiffFormat;

function headSection(difference: Difference): Section {
  const { before, after } = difference;
  const isNew = totalOf(difference, "added") + totalOf(difference, "worsened") > 0;
  const mark = isNew ? "❌" : doubts(difference).length > 0 ? "⚠️" : "✅";
  const layers = layersWords(difference);
  const head = [
    "<!-- plimsoll diff -->",
    `## ${mark} ${isNew ? summaryWords(difference) : `Nothing new${summaryTail(difference)}`}`,
    "",
    `From ${sideText(before)}  `,
    `to ${sideText(after)}`,
    "",
    `${layers === "" ? "" : `${markdownText(layers)}. `}${markdownText(knowledgeWords(difference), 1000)}`,
  ];
  return { head, rows: [], tail: [] };
}

function summaryTail(difference: Difference): string {
  const hasAny = findingStates.some((state) => totalOf(difference, state) > 0);
  return hasAny ? `: ${summaryWords(difference)}` : "";
}

function sideText(side: ComparedSide): string {
  const facts = [markdownText(sideWords(side), 300), markdownText(verdictWord(side))].filter((fact) => fact !== "");
  return `${markdownCode(side.report.sbom.source.name, 300)} · ${facts.join(" · ")}`;
}

function doubtsSection(difference: Difference): Section {
  const all = doubts(difference);
  if (all.length === 0) return nothing;
  const rows = all.slice(0, 50).map(({ side, words }) => `- ${markdownCode(side, 200)} ${markdownText(words, 600)}`);
  return { head: ["### Incomplete: something new could be missing here", ""], rows, tail: [] };
}

function countsSection(difference: Difference): Section {
  const states = findingStates.filter((state) => totalOf(difference, state) > 0);
  const told = severities.filter((severity) => states.some((state) => difference.counts[state][severity].total > 0));
  const rows = states.map((state) => [
    stateWords[state],
    ...told.map((severity) => {
      const { total, fixable } = difference.counts[state][severity];
      return fixable > 0 && state !== "fixed" ? `${total} (${fixable} fixable)` : String(total);
    }),
  ]);
  return table("Vulnerabilities", ["", ...told.map((severity) => severityWords[severity])], rows);
}

function findingsSection(difference: Difference, state: FindingState, title: string): Section {
  const rows = difference.findings.filter((change) => change.state === state).map(findingRow);
  return table(title, ["Severity", "Vulnerability", "Package", "Version", "Fixed in", "Why", "Layer"], rows);
}

function findingRow(change: FindingChange): string[] {
  const finding = change.after ?? change.before;
  const id = markdownText(finding?.vulnerability ?? "", 100);
  const url = vulnerabilityLink(finding?.vulnerability ?? "");
  const layer = layerOf(change.package);
  return [
    severityWords[finding?.severity ?? "unknown"],
    url === null ? id : `[${id}](${url})`,
    markdownCode(nameOf(change.package)),
    markdownCode(versionWords(change.package)),
    markdownCode(finding?.fixVersion ?? ""),
    markdownText(whyWords(change)),
    layer === null ? "" : `${layer.place} ${markdownCode(layer.command, 60)}`,
  ];
}

function policiesSection({ policies }: Difference): Section {
  const changed = policies.filter(({ before, after, rules }) => before !== after || rules.length > 0);
  const rows = changed.map((policy) => [
    markdownText(policy.name, 200),
    policy.before ?? "not evaluated",
    policy.after ?? "not evaluated",
    newlyFailing(policy),
  ]);
  return table("Policies", ["Policy", "Before", "After", "Newly failing"], rows);
}

function newlyFailing({ rules }: PolicyChange): string {
  return rules
    .filter(({ after }) => after === "failed")
    .map(({ description, violations }) => `${markdownText(description, 200)} (${violations})`)
    .join("; ");
}

function packagesSection(difference: Difference): Section {
  const counts = findingsByPackage(difference);
  const rows = changedPackages(difference).map((change) => {
    const { added = 0, fixed = 0 } = counts.get(change) ?? {};
    return [
      change.state,
      markdownCode(nameOf(change)),
      markdownCode(versionWords(change)),
      String(added),
      String(fixed),
    ];
  });
  return table("", ["", "Package", "Version", "New", "Fixed"], rows);
}

function layersSection({ layers }: Difference): Section {
  const rows = layers.map(({ state, before, after, added, fixed }) => {
    const layer = after ?? before;
    const index = String(layer?.index ?? "");
    return [state, index, markdownCode(layerCommand(layer?.command ?? ""), 120), String(added), String(fixed)];
  });
  return table("", ["", "Layer", "Command", "New", "Fixed"], rows);
}

/** Folded away until somebody asks. */
function folded(title: string, { head, rows }: Section): Section {
  if (rows.length === 0) return nothing;
  const summary = ["<details>", `<summary>${title} (${rows.length})</summary>`];
  return { head: [...summary, ...head.slice(1)], rows, tail: ["", "</details>"] };
}
