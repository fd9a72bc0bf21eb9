import type { PolicyResult, Problem, Report, Violation } from "@plimsoll/model";
import { baselineWords } from "./against-baseline.ts";
import type { ReportIndex } from "./report-index.ts";
import { countText } from "./sizes.ts";

/** The verdict in words, and whether it is a good, a doubtful or a bad one. Texts from outside are not yet escaped. */
export function verdictWords({ verdict }: Report): {
  readonly text: string;
  readonly tone: "good" | "doubtful" | "bad";
} {
  const { status, complete } = verdict;
  if (status === "failed") return { text: complete ? "Failed" : "Failed, and incomplete", tone: "bad" };
  return complete ? { text: "Passed", tone: "good" } : { text: "Passed, but incomplete", tone: "doubtful" };
}

/** What the verdict knew (decision 4) and against which baseline it stands, a sentence each. */
export function knowledgeWords(report: Report): string[] {
  const { knowledge, verdict } = report;
  const { packagesJudged, packagesNotJudged, findingsUnrated, feeds, starter, signedBy } = knowledge;
  const dated = feeds.map(({ title, date }) => `${title} of ${date}`).join(", ");
  const judged = sentence(`${countText(packagesJudged, "package")} judged`);
  return [
    dated === "" ? `${judged}: no feed speaks for what is here.` : `${judged} by ${dated}.`,
    ...(packagesNotJudged > 0 ? [`${sentence(countText(packagesNotJudged, "package"))} could not be judged.`] : []),
    ...(findingsUnrated > 0 ? [`${sentence(countText(findingsUnrated, "finding"))} rated by nobody.`] : []),
    ...(signedBy === undefined ? [] : [`The database is revision ${knowledge.revision}, ${signerWords(signedBy)}.`]),
    ...(starter ? ["This is the starter knowledge shipped with the program, not today's."] : []),
    ...(verdict.validUntil === null ? [] : [`This answer holds until ${verdict.validUntil.slice(0, 10)} at most.`]),
    ...baselineWords(report),
  ];
}

/** Who signed a database: the first digits of each key's id. */
export function signerWords(signedBy: readonly string[]): string {
  return signedBy.length === 0 ? "not signed" : `signed by ${signedBy.map((id) => id.slice(0, 16)).join(" and ")}`;
}

/** A problem with its place and what to do about it. */
export function problemWords({ message, path, next }: Problem): string {
  return [path === undefined ? message : `${path}: ${message}`, next].filter((part) => part !== undefined).join("; ");
}

/** What breaks a rule. */
export function violationWords(violation: Violation, { packages, findingById }: ReportIndex): string {
  if (violation.kind === "config") return violation.remediation;
  const pkg = packages.get(violation.packageId);
  const name = pkg === undefined ? "unknown package" : `${pkg.name} ${pkg.version}`;
  const finding = violation.kind === "finding" ? findingById.get(violation.findingId) : undefined;
  if (finding === undefined) return name;
  return `${finding.vulnerability} in ${name}${finding.fixVersion === undefined ? "" : `, fixed in ${finding.fixVersion}`}`;
}

/** Violations of all rules of a policy. */
export function violationsOf({ bundles }: PolicyResult): number {
  return bundles.flatMap(({ rules }) => rules).reduce((sum, { violations }) => sum + violations.length, 0);
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
