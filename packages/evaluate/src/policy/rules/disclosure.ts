import { days, numberOf, textOf, wholeNumber } from "../extra.ts";
import { type FindingPredicate, sinceAge, whether } from "../predicate.ts";

export const vulnAge = {
  type: "vulnAge",
  appliesTo: "finding",
  parameters: wholeNumber("age", 0, 36_500),
  describe: (extra) => `Disclosure date older than or equal ${days(numberOf(extra, "age"))}`,
  since: ({ finding }, extra) => sinceAge(finding.disclosed.date, numberOf(extra, "age")),
} as const satisfies FindingPredicate;

/** Both ends inclusive; dates YYYY-MM-DD compare as text. */
export const vulnDisclosureRange = {
  type: "vulnDisclosureRange",
  appliesTo: "finding",
  parameters: {
    properties: { startDate: { type: "string", format: "date" }, endDate: { type: "string", format: "date" } },
    required: ["startDate", "endDate"],
  },
  describe: (extra) => `Disclosure date between ${textOf(extra, "startDate")} and ${textOf(extra, "endDate")}`,
  since: ({ finding }, extra) => {
    const { date } = finding.disclosed;
    return whether(date >= textOf(extra, "startDate") && date <= textOf(extra, "endDate"));
  },
} as const satisfies FindingPredicate;
