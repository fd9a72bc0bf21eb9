import { groupDigits, signerWords } from "@plimsoll/formats";
import { daysSince, plainText } from "@plimsoll/kit";
import { type Problem, problemLevels } from "@plimsoll/model";
import type { BuildReport, DbSummary } from "@plimsoll/vulndb";
import type { World } from "../world.ts";

/** A database in words: revision, age, feeds with dates and records, what they cover. */
export function statusText(summary: DbSummary, path: string, { clock }: World): string {
  const { counts } = summary;
  const kind = summary.starter ? "starter knowledge" : "vulnerability database";
  const rows = summary.feeds.map(({ id, date, records }) => [id, date, ageText(date, clock()), groupDigits(records)]);
  const ecosystems = summary.ecosystems.map(({ ecosystem }) => ecosystem).join(", ");
  return [
    `${path}: ${kind}, revision ${summary.revision}, schema ${summary.schema}, built ${summary.builtAt}`,
    ...originLines(summary, clock()),
    "",
    ...table([["FEED", "DATE", "AGE", "RECORDS"], ...rows]),
    "",
    `${groupDigits(counts.advisories)} advisories on ${groupDigits(counts.packages)} packages, ${groupDigits(counts.ids)} ids, ` +
      `${groupDigits(counts.ratings)} ratings, ${groupDigits(counts.epss)} EPSS scores, ` +
      `${groupDigits(counts.kev)} known exploited, ${groupDigits(counts.exploits)} with exploit references`,
    `covers ${ecosystems === "" ? "nothing" : ecosystems}`,
    "",
  ].join("\n");
}

/** Who published it, and how long that is good for. */
function originLines({ origin }: DbSummary, now: number): string[] {
  if (origin === undefined) return [];
  const { place, signedBy, createdAt, expiresAt, checkedAt } = origin;
  const age = ageText(createdAt.slice(0, 10), now);
  const isOver = Date.parse(expiresAt) <= now;
  return [
    plainText(`from ${place}, ${signerWords(signedBy)}, published ${createdAt.slice(0, 10)} (${age} ago)`),
    `${isOver ? "EXPIRED on" : "good until"} ${expiresAt.slice(0, 10)}, last asked for a newer one ${checkedAt}`,
  ];
}

/** The same after a build, and what was not read. */
export function builtText(report: BuildReport, path: string, world: World): string {
  const shown = [...report.problems].filter(({ level }) => level !== "note").slice(0, 20);
  const more = report.problems.length - shown.length;
  const problems = shown.map(problemLine);
  const rest = more > 0 ? [`  and ${groupDigits(more)} more remarks`] : [];
  const lines = problems.length + rest.length === 0 ? [] : ["", "Not read:", ...problems, ...rest, ""];
  return `${statusText(report, path, world)}${lines.join("\n")}`;
}

function problemLine({ level, message, path, feed }: Problem): string {
  const where = [feed, path].filter((part) => part !== undefined).join(", ");
  const mark = level === problemLevels[0] ? "·" : "!";
  return plainText(`  ${mark} ${message}${where === "" ? "" : ` (${where})`}`, 400);
}

function ageText(date: string, now: number): string {
  const days = daysSince(date, now);
  if (days === null) return "unknown";
  return days === 1 ? "1 day" : `${groupDigits(Math.max(0, days))} days`;
}

function table(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? "").length)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}
