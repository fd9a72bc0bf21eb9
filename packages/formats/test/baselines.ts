import { applyBaseline } from "@plimsoll/evaluate";
import type { Report } from "@plimsoll/model";
import { shopUpgrade } from "./differences.ts";

/** An upgrade judged by what is new in it: two new, one worsened, two known, two gone. */
export const shopAgainstBaseline: Report = applyBaseline(shopUpgrade);

/** The same image against itself: everything is known. */
export const shopNothingNew: Report = applyBaseline({
  ...shopUpgrade,
  before: shopUpgrade.after,
  findings: shopUpgrade.findings.flatMap((change) => {
    return change.after === null
      ? []
      : [{ ...change, state: "unchanged" as const, before: change.after, aspects: [], cause: null }];
  }),
});
