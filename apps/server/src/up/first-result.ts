import { countText } from "@plimsoll/formats";
import { plainText } from "@plimsoll/kit";
import { z } from "zod";
import type { Paint } from "./screen.ts";

const severities = ["critical", "high", "medium", "low", "negligible"] as const;

const ranks: readonly string[] = severities;

/** Of a report (JSON v1) what a first look needs. */
const report = z.object({
  result: z.object({
    complete: z.boolean(),
    packages: z.record(z.string(), z.object({ name: z.string(), version: z.string() })),
    vulnerabilities: z.record(
      z.string(),
      z.object({
        name: z.string(),
        packageRef: z.string(),
        severity: z.string(),
        exploitable: z.boolean(),
        fixVersion: z.string().nullish(),
        unrated: z.boolean().optional(),
      }),
    ),
    policies: z.object({ globalEvaluation: z.string() }),
  }),
});

type Result = z.output<typeof report>["result"];

/** A scan's verdict in four lines. Throws when the document is no report. */
export function firstResultText(json: string, name: string, paint: Paint): string {
  const { result } = report.parse(JSON.parse(json));
  const found = Object.values(result.vulnerabilities);
  const packages = Object.keys(result.packages).length;
  const lines = [
    `${verdictOf(result, paint)}  ${plainText(name, 200)}: ${countText(packages, "package")}, ${countText(found.length, "finding")}`,
    `        ${bySeverity(found)}`,
    ...worst(result).map((line, at) => `${at === 0 ? "worst   " : "        "}${line}`),
  ];
  return lines.map((line) => `  ${line.trimEnd()}\n`).join("");
}

function verdictOf({ policies, complete }: Result, paint: Paint): string {
  const isFailed = policies.globalEvaluation === "failed";
  const verdict = isFailed ? paint("red", "FAILED") : paint("green", "PASSED");
  return complete ? verdict : `${verdict} ${paint("yellow", "(incomplete)")}`;
}

function bySeverity(found: readonly Finding[]): string {
  const rated = found.filter(({ unrated }) => unrated !== true);
  const counts = severities.map(
    (severity) => [severity, rated.filter((one) => one.severity === severity).length] as const,
  );
  const words = [
    ...counts,
    ["unrated", found.length - rated.length] as const,
    ["with an exploit", found.filter(({ exploitable }) => exploitable).length] as const,
    ["with a fix", found.filter(({ fixVersion }) => fixVersion).length] as const,
  ];
  const told = words.filter(([, count]) => count > 0).map(([word, count]) => `${count} ${word}`);
  return told.length === 0 ? "nothing known" : told.join(", ");
}

type Finding = Result["vulnerabilities"][string];

/** Exploited before severe before fixable; one line a flaw. */
function worst({ vulnerabilities, packages }: Result): string[] {
  const rank = ({ severity, exploitable, fixVersion, unrated }: Finding): number =>
    (exploitable ? 100 : 0) + (unrated ? 0 : 10 * (5 - ranks.indexOf(severity))) + (fixVersion ? 1 : 0);
  const sorted = Object.values(vulnerabilities).toSorted((a, b) => rank(b) - rank(a) || (a.name < b.name ? -1 : 1));
  const [...names] = new Set(sorted.map(({ name }) => name));
  return names.slice(0, 3).flatMap((name) => {
    const finding = sorted.find((one) => one.name === name);
    return finding === undefined ? [] : [lineOf(finding, packages[finding.packageRef])];
  });
}

function lineOf(
  { name, severity, unrated, exploitable, fixVersion }: Finding,
  at?: { name: string; version: string },
): string {
  const fix = fixVersion ? ` -> ${fixVersion}` : ", no fix yet";
  const words = [unrated ? "unrated" : severity, ...(exploitable ? ["exploited"] : [])].join(", ");
  return plainText(`${name} (${words}) in ${at?.name ?? "?"} ${at?.version ?? ""}${fix}`, 200);
}
