import type { Knowledge, PolicyResult, Report } from "@plimsoll/model";
import { signerWords, violationsOf } from "../report-words.ts";
import { countText } from "../sizes.ts";
import { nameText, prose, type Scene } from "./context.ts";

/** The verdict, and what it knew (decision 4). */
export function verdictLines({ index, paint, columns }: Scene): string[] {
  const { report } = index;
  const { status, complete, validUntil } = report.verdict;
  const word =
    status === "failed" ? paint("bad", "FAILED") : complete ? paint("good", "PASSED") : passedIncomplete(paint);
  const failedIncomplete = status === "failed" && !complete ? paint("warn", " (and incomplete)") : "";
  const width = { columns, indent: "  " };
  return [
    `${word}${failedIncomplete}  ${policiesText(report.policies)}`,
    ...prose(knowledgeText(report.knowledge), width),
    ...(validUntil === null
      ? []
      : prose(`This answer holds until ${validUntil.slice(0, 10)} at most: then a date in it passes.`, width)),
  ];
}

function passedIncomplete(paint: Scene["paint"]): string {
  return paint("warn", "PASSED, BUT INCOMPLETE");
}

function policiesText(policies: Report["policies"]): string {
  if (policies.length === 0) return "no policy was evaluated";
  const failed = policies.filter(({ status }) => status === "failed");
  if (failed.length === 0) return `by ${policies.map(nameOf).join(", ")}`;
  return failed.map((result) => `${nameOf(result)}: ${countText(violationsOf(result), "violation")}`).join(", ");
}

function nameOf({ policy }: PolicyResult): string {
  return nameText(policy.name, 60);
}

function knowledgeText(knowledge: Knowledge): string {
  const { packagesJudged, packagesNotJudged, findingsUnrated, feeds, starter, signedBy } = knowledge;
  const dated = feeds.map(({ title, date }) => `${nameText(title, 60)} of ${nameText(date, 20)}`).join(", ");
  const judged = `${capital(countText(packagesJudged, "package"))} judged`;
  return [
    dated === "" ? `${judged}: no feed speaks for what is here.` : `${judged} by ${dated}.`,
    ...(packagesNotJudged > 0 ? [`${capital(countText(packagesNotJudged, "package"))} could not be judged.`] : []),
    ...(findingsUnrated > 0 ? [`${capital(countText(findingsUnrated, "finding"))} rated by nobody.`] : []),
    ...(signedBy === undefined ? [] : [`The database is revision ${knowledge.revision}, ${signerWords(signedBy)}.`]),
    ...(starter ? ["This is the starter knowledge shipped with the program, not today's: plimsoll db update."] : []),
  ].join(" ");
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
