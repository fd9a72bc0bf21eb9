import { distroLabel, severities } from "@plimsoll/model";
import { nothingNew } from "../against-baseline.ts";
import type { WriteOptions } from "../format.ts";
import { markdownCode, markdownText } from "../markup.ts";
import type { ReportIndex } from "../report-index.ts";
import { knowledgeWords, problemWords, verdictWords, violationsOf, violationWords } from "../report-words.ts";
import { severityWords } from "../severity-words.ts";
import { sizeText } from "../sizes.ts";
import { pullStringOf } from "../wire-values.ts";
import { countSeverities } from "../worst-packages.ts";
import { type Section, table } from "./rows.ts";

const marks = { good: "✅", doubtful: "⚠️", bad: "❌" } as const;

/** Verdict, name and what was known. */
export function headSection({ report }: ReportIndex, options: WriteOptions): Section {
  const { text, tone } = verdictWords(report);
  const { sbom } = report;
  const facts = [
    `System ${markdownText(distroLabel(sbom.distro), 100)}`,
    ...(sbom.image === null
      ? []
      : [markdownText(`${sbom.image.os}/${sbom.image.architecture}`, 100), sizeText(sbom.image.size)]),
    ...(sbom.image?.digest == null ? [] : [markdownCode(sbom.image.digest)]),
  ];
  const head = [
    "<!-- plimsoll -->",
    `## ${marks[tone]} ${text}: ${markdownCode(pullStringOf(report, options), 300)}`,
    "",
    facts.join(" · "),
    "",
    knowledgeWords(report)
      .map((words) => markdownText(words, 2000))
      .join(" "),
  ];
  return { head, rows: [], tail: [] };
}

/** What makes a clean answer doubtful. */
export function problemsSection({ report }: ReportIndex): Section {
  const unread = report.problems.filter(({ level }) => level !== "note");
  if (unread.length === 0) return { head: [], rows: [], tail: [] };
  const isIncomplete = unread.some(({ level }) => level === "incomplete");
  const title = isIncomplete ? "### Incomplete: a clean answer could be false" : "### Warnings";
  return {
    head: [title, ""],
    rows: unread.slice(0, 50).map((one) => `- ${markdownText(problemWords(one))}`),
    tail: [],
  };
}

/** Total and fixable per severity (spec 20a). */
export function severitiesSection(index: ReportIndex): Section {
  const { findings, report } = index;
  if (findings.length === 0) {
    const against = nothingNew(index);
    if (against !== null) return { head: [`${against}.`], rows: [], tail: [] };
    const judged = report.knowledge.packagesJudged > 0 || report.sbom.packages.length === 0;
    return { head: [judged ? "No known vulnerability." : "No package could be judged."], rows: [], tail: [] };
  }
  const all = countSeverities(findings);
  const fixable = countSeverities(findings.filter(({ fixVersion }) => fixVersion !== undefined));
  const told = severities.filter((severity) => severity !== "unknown" || all.unknown > 0);
  return table(
    report.baseline === undefined ? "Vulnerabilities" : "New or worsened vulnerabilities",
    ["", ...told.map((severity) => severityWords[severity])],
    [
      ["Total", ...told.map((severity) => String(all[severity]))],
      ["Fixable", ...told.map((severity) => String(fixable[severity]))],
    ],
  );
}

const evaluationMarks = { passed: "✅", failed: "❌", accepted: "⚠️", noPolicy: "➖" } as const;

/** Policies with their answer, then what broke them. */
export function policiesSection(index: ReportIndex): Section {
  const { policies } = index.report;
  const rows = policies.map((result) => [
    markdownText(result.policy.name, 200),
    `${evaluationMarks[result.status]} ${result.status}`,
    String(violationsOf(result)),
  ]);
  const broken = policies.flatMap(({ bundles }) =>
    bundles.flatMap(({ rules }) => rules.filter(({ status }) => status === "failed")),
  );
  const lines = broken.flatMap(({ description, rule, violations }) => [
    "",
    `**${markdownText(description === "" ? rule.ruleType : description, 300)}**`,
    "",
    ...violations.slice(0, 10).map((violation) => `- ${markdownText(violationWords(violation, index), 400)}`),
    ...(violations.length > 10 ? [`- and ${violations.length - 10} more`] : []),
  ]);
  const section = table("Policies", ["Policy", "Evaluation", "Violations"], rows);
  return { ...section, tail: lines.slice(0, 200) };
}
