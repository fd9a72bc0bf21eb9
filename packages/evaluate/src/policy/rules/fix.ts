import type { Finding } from "@plimsoll/model";
import { days, numberOf, wholeNumber } from "../extra.ts";
import { type FindingPredicate, never, noParameters, sinceAge, whether } from "../predicate.ts";

const isFixable = (finding: Finding): boolean => finding.fixVersion !== undefined;

export const vulnIsFixable = {
  type: "vulnIsFixable",
  appliesTo: "finding",
  parameters: noParameters,
  describe: () => "Fixable",
  since: ({ finding }) => whether(isFixable(finding)),
} as const satisfies FindingPredicate;

/** A fix whose date nobody knows never trips it (spec 8.3, recomputed from real reports). */
export const vulnIsFixableWithAge = {
  type: "vulnIsFixableWithAge",
  appliesTo: "finding",
  parameters: wholeNumber("age", 0, 36_500),
  describe: (extra) => `Fixable since ${days(numberOf(extra, "age"))}`,
  since: ({ finding }, extra) => (isFixable(finding) ? sinceAge(finding.fixDate, numberOf(extra, "age")) : never),
} as const satisfies FindingPredicate;
