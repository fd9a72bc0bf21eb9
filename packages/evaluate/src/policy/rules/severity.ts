import { parseSeverity, type Severity, severityRank } from "@plimsoll/model";
import { levelParameter, numberOf, textOf } from "../extra.ts";
import { type FindingPredicate, type Parameters, whether } from "../predicate.ts";

/** The severity a rule judges by: an unrated flaw counts as medium, as reports show it (decision 6); a rule must not wave through what nobody has looked at. */
export function judgedSeverity(severity: Severity): Severity {
  return severity === "unknown" ? "medium" : severity;
}

const rankOf = (severity: Severity): number => severityRank(judgedSeverity(severity));
const levelOf = (text: string): number => severityRank(parseSeverity(text) ?? "unknown");

export const vulnSeverity = {
  type: "vulnSeverity",
  appliesTo: "finding",
  parameters: levelParameter,
  describe: (extra) => `Severity greater than or equal ${textOf(extra, "level")}`,
  since: ({ finding }, extra) => whether(rankOf(finding.severity) >= levelOf(textOf(extra, "level"))),
} as const satisfies FindingPredicate;

export const vulnSeverityEquals = {
  type: "vulnSeverityEquals",
  appliesTo: "finding",
  parameters: levelParameter,
  describe: (extra) => `Severity equal ${textOf(extra, "level")}`,
  since: ({ finding }, extra) => whether(rankOf(finding.severity) === levelOf(textOf(extra, "level"))),
} as const satisfies FindingPredicate;

const scoreParameter: Parameters = {
  properties: { value: { type: "number", minimum: 0, maximum: 10 } },
  required: ["value"],
};

export const vulnCvss = {
  type: "vulnCVSS",
  appliesTo: "finding",
  parameters: scoreParameter,
  describe: (extra) => `CVSS Score greater than or equal to ${numberOf(extra, "value")}`,
  since: ({ finding }, extra) => whether((finding.cvss?.score ?? 0) >= numberOf(extra, "value")),
} as const satisfies FindingPredicate;

export const vulnCvssEquals = {
  type: "vulnCVSSEquals",
  appliesTo: "finding",
  parameters: scoreParameter,
  describe: (extra) => `CVSS Score equal to ${numberOf(extra, "value")}`,
  since: ({ finding }, extra) => whether((finding.cvss?.score ?? 0) === numberOf(extra, "value")),
} as const satisfies FindingPredicate;
