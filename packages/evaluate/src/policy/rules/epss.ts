import { numberOf, wholeNumber } from "../extra.ts";
import { type FindingPredicate, whether } from "../predicate.ts";

/** Rules speak in whole percent, EPSS in probabilities; dividing keeps 0.29 equal to 29 % where multiplying would not. */
const reaches = (share: number | undefined, percent: number) => whether((share ?? Number.NaN) >= percent / 100);

export const vulnEpssScoreGte = {
  type: "vulnEpssScoreGte",
  appliesTo: "finding",
  parameters: wholeNumber("score", 0, 100),
  describe: (extra) => `EPSS Score greater than or equal to ${numberOf(extra, "score")}%`,
  since: ({ finding }, extra) => reaches(finding.epss?.score, numberOf(extra, "score")),
} as const satisfies FindingPredicate;

export const vulnEpssPercentileGte = {
  type: "vulnEpssPercentileGte",
  appliesTo: "finding",
  parameters: wholeNumber("percentile", 0, 100),
  describe: (extra) => `EPSS Percentile greater than or equal to ${numberOf(extra, "percentile")}%`,
  since: ({ finding }, extra) => reaches(finding.epss?.percentile, numberOf(extra, "percentile")),
} as const satisfies FindingPredicate;
