import { isPresent, type Severity, severities } from "@plimsoll/model";
import { nothingNew } from "../against-baseline.ts";
import { severityWords } from "../severity-words.ts";
import { countText, groupDigits } from "../sizes.ts";
import { countSeverities } from "../worst-packages.ts";
import { prose, type Scene } from "./context.ts";
import { pad } from "./display-width.ts";

/** How many of which severity, and how many of them have a fix. */
export function countLines(scene: Scene): string[] {
  const { findings, findingsOf, report } = scene.index;
  if (findings.length === 0) return [nothingFound(scene)];
  const fixable = findings.filter(({ fixVersion }) => fixVersion !== undefined);
  const all = countSeverities(findings);
  const withFix = countSeverities(fixable);
  const exploited = findings.filter(({ exploit }) => exploit !== null).length;
  const known = findings.filter(({ kev }) => kev !== null).length;
  const kind = report.baseline === undefined ? "" : "new or worsened ";
  const summary = [
    `${countText(findings.length, `${kind}vulnerability`, `${kind}vulnerabilities`)} in ${countText(findingsOf.size, "package")} of ${groupDigits(report.sbom.packages.filter(isPresent).length)}`,
    `${fixable.length === 0 ? "none" : groupDigits(fixable.length)} with a fix`,
    ...(exploited > 0 ? [`${groupDigits(exploited)} with a public exploit`] : []),
    ...(known > 0 ? [`${groupDigits(known)} known to be exploited (CISA KEV)`] : []),
  ];
  return [
    ...prose(summary.join(", "), { columns: scene.columns, indent: "" }).map((line) => scene.paint("heading", line)),
    ...severities
      .filter((severity) => severity !== "unknown" || all.unknown > 0)
      .map((severity) => {
        return countLine(severity, { total: all[severity], fixable: withFix[severity], most: findings.length }, scene);
      }),
  ];
}

interface Counted {
  readonly total: number;
  readonly fixable: number;
  readonly most: number;
}

function countLine(severity: Severity, { total, fixable, most }: Counted, { paint }: Scene): string {
  const tone = total > 0 ? severity : "quiet";
  const word = paint(tone, pad(severityWords[severity], 10));
  const count = paint(tone, pad(groupDigits(total), 7, "right"));
  if (total === 0) return `  ${word}${count}`;
  const bar = "━".repeat(Math.ceil((total / most) * 20));
  return `  ${word}${count}  ${pad(`${groupDigits(fixable)} fixable`, 15)}${paint(tone, bar)}`.trimEnd();
}

/** Never "clean" for what nobody could judge. */
function nothingFound({ index, paint }: Scene): string {
  const against = nothingNew(index);
  if (against !== null) return paint("heading", against);
  const { sbom, knowledge } = index.report;
  const packages = sbom.packages.filter(isPresent);
  if (packages.length === 0) return paint("heading", "No packages found");
  if (knowledge.packagesJudged === 0)
    return paint("heading", `${countText(packages.length, "package")}, none of them judged`);
  const judged = knowledge.packagesNotJudged > 0 ? ` that could be judged` : "";
  const count = knowledge.packagesNotJudged > 0 ? knowledge.packagesJudged : packages.length;
  return paint("heading", `No known vulnerability in ${countText(count, "package")}${judged}`);
}
