import { distroLabel, isPresent, type Report, severities } from "@plimsoll/model";
import { fixesFor } from "../fix-command.ts";
import type { WriteOptions } from "../format.ts";
import { htmlText } from "../markup.ts";
import type { ReportIndex } from "../report-index.ts";
import { knowledgeWords, problemWords, verdictWords, violationsOf, violationWords } from "../report-words.ts";
import { countText, groupDigits, sizeText } from "../sizes.ts";
import { countSeverities, worstPackages } from "../worst-packages.ts";
import { severityMark } from "./findings.ts";
import { table } from "./table.ts";

/** Violations told of one rule; the table of findings has them all. */
const toldViolations = 50;

/** The verdict, the source and what was known; `name` is already escaped. */
export function header({ report }: ReportIndex, name: string): string[] {
  const { text, tone } = verdictWords(report);
  const { image, distro, packages } = report.sbom;
  const facts: [string, string][] = [["System", htmlText(distro?.prettyName ?? distroLabel(distro), 200)]];
  if (image !== null) {
    facts.push(["Image ID", `<code>${image.imageId}</code>`]);
    if (image.digest !== null) facts.push(["Digest", `<code>${image.digest}</code>`]);
    facts.push(["Platform", htmlText([image.os, image.architecture, image.variant].filter(Boolean).join("/"), 100)]);
    facts.push([
      "Layers",
      `${countText(image.layers.filter(({ diffId }) => diffId !== null).length, "layer")}, ${sizeText(image.size)}`,
    ]);
  }
  facts.push(["Packages", groupDigits(packages.filter(isPresent).length)]);
  return [
    "<header>",
    `<h1>${name}</h1>`,
    `<p class="verdict ${tone}">${text}</p>`,
    `<p>${knowledgeWords(report)
      .map((words) => htmlText(words))
      .join(" ")}</p>`,
    `<dl>${facts.map(([key, value]) => `<dt>${key}</dt><dd>${value}</dd>`).join("")}</dl>`,
    "</header>",
  ];
}

/** What was not read or is not known. */
export function problems({ report }: ReportIndex): string[] {
  const groups = [
    ["Incomplete: a clean answer could be false", report.problems.filter(({ level }) => level === "incomplete")],
    ["Warnings", report.problems.filter(({ level }) => level === "warning")],
    ["Notes", report.problems.filter(({ level }) => level === "note")],
  ] as const;
  return groups.flatMap(([title, found]) => {
    if (found.length === 0) return [];
    const lines = found.map((problem) => `<li>${htmlText(problemWords(problem))}</li>`);
    return [`<section class="notice"><h2>${title}</h2>`, "<ul>", ...lines, "</ul></section>"];
  });
}

/** Total, fixable and exploitable per severity. */
export function severityTable({ findings, report }: ReportIndex): string[] {
  const judged = report.knowledge.packagesJudged > 0 || report.sbom.packages.length === 0;
  if (findings.length === 0)
    return ["<h2>Vulnerabilities</h2>", `<p>${judged ? "No known vulnerability." : "No package could be judged."}</p>`];
  const all = countSeverities(findings);
  const fixable = countSeverities(findings.filter(({ fixVersion }) => fixVersion !== undefined));
  const exploitable = countSeverities(findings.filter(({ exploit }) => exploit !== null));
  const rows = severities
    .filter((severity) => severity !== "unknown" || all.unknown > 0)
    .map((severity) => [
      severityMark(severity),
      ...[all, fixable, exploitable].map((counts) => groupDigits(counts[severity])),
    ]);
  const columns = [
    { title: "Severity" },
    ...["Total", "Fixable", "Public exploit"].map((title) => ({ title, isNumber: true })),
  ];
  return ["<h2>Vulnerabilities</h2>", ...table("Vulnerabilities by severity", columns, rows)];
}

/** Policies, and what broke their rules. */
export function policies(index: ReportIndex): string[] {
  const { report } = index;
  const rows = report.policies.map((result) => [
    htmlText(result.policy.name, 200),
    `<span class="${result.status === "failed" ? "bad" : "good"}">${result.status}</span>`,
    String(violationsOf(result)),
  ]);
  const broken = report.policies.flatMap(({ bundles }) =>
    bundles.flatMap(({ rules }) => rules.filter(({ status }) => status === "failed")),
  );
  const columns = [{ title: "Policy" }, { title: "Evaluation" }, { title: "Violations", isNumber: true }];
  return [
    ...(rows.length === 0 ? [] : ["<h2>Policies</h2>"]),
    ...table("Policies and their evaluation", columns, rows),
    ...broken.flatMap(({ description, rule, violations }) => {
      const more =
        violations.length > toldViolations
          ? [`<li>and ${groupDigits(violations.length - toldViolations)} more</li>`]
          : [];
      const lines = violations
        .slice(0, toldViolations)
        .map((violation) => `<li>${htmlText(violationWords(violation, index), 600)}</li>`);
      const title = htmlText(description === "" ? rule.ruleType : description, 400);
      return [
        `<details open><summary>${title}: ${countText(violations.length, "violation")}</summary>`,
        "<ul>",
        ...lines,
        ...more,
        "</ul></details>",
      ];
    }),
  ];
}

/** The commands and sentences that clear what can be cleared. */
export function fixes(index: ReportIndex): string[] {
  const upgrades = worstPackages(index).flatMap(({ id, ecosystem, name, role }) => {
    const fix = index.fixOf.get(id);
    return fix === undefined ? [] : [{ ecosystem, name, version: fix.clearsAll, isToolchain: role === "toolchain" }];
  });
  const ways = fixesFor(upgrades, index.report.sbom.distro);
  if (ways.length === 0) return [];
  const commands = ways
    .filter(({ kind }) => kind === "command")
    .map(({ words }) => `<pre>${words.map((word) => htmlText(word)).join(" \\\n  ")}</pre>`);
  const byHand = ways.filter(({ kind }) => kind === "text").map(({ words }) => `<li>${htmlText(words.join(" "))}</li>`);
  return [
    "<h2>To fix what can be fixed</h2>",
    ...commands,
    ...(byHand.length === 0 ? [] : ["<ul>", ...byHand, "</ul>"]),
  ];
}

/** Who scanned, and when. */
export function footer({ knowledge }: Report, { scanner, scanTime }: WriteOptions): string[] {
  const words = `${scanner.name} ${scanner.version}, ${scanTime}, knowledge of revision ${knowledge.revision}`;
  return [`<footer class="quiet"><p>${htmlText(words)}</p></footer>`];
}
