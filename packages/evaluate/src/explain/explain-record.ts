import type { AffectedRange } from "@plimsoll/model";
import { formatRange, isAffected } from "@plimsoll/versions";
import type { AffectedRecord } from "@plimsoll/vulndb";
import { fixOf } from "../match/choose-fix.ts";
import { type Judgement, judgeRecord } from "../match/judge-record.ts";
import type { LookupKey, Matcher } from "../match/matcher.ts";
import type { AdvisoryExplanation, AdvisoryReason, Comparison, RangeExplanation } from "./explanation.ts";

/** Says of one advisory's row whether it holds for a package, with every comparison that was made. */
export function explainRecord(
  record: AffectedRecord,
  key: LookupKey,
  subject: Parameters<typeof judgeRecord>[2] & { readonly matcher: Matcher },
): AdvisoryExplanation {
  const { advisory, affected } = record;
  const judgement = judgeRecord(record, key, subject);
  const compared = judgement.verdict !== "not-applicable";
  const fixVersion = judgement.verdict === "affected" ? fixOf(judgement.hit) : null;
  return {
    advisory: advisory.id,
    feed: advisory.feed,
    provider: advisory.provider,
    ...(advisory.published !== undefined && { published: advisory.published }),
    holds: judgement.verdict === "affected",
    reason: reasonOf(judgement),
    key,
    scheme: affected.scheme,
    ranges: compared ? rangesOf(record, key.version) : [],
    fixState: affected.fixState,
    ...(fixVersion !== null && { fixVersion }),
    ...(advisory.withdrawn !== undefined && { withdrawn: advisory.withdrawn }),
  };
}

function reasonOf(judgement: Judgement): AdvisoryReason {
  switch (judgement.verdict) {
    case "affected":
      return "in-range";
    case "unreadable":
      return "version-unreadable";
    case "not-affected":
      return judgement.reason === "range" ? "outside-ranges" : "never-affected";
    case "not-applicable":
      return judgement.reason;
  }
}

function rangesOf({ affected }: AffectedRecord, version: string): RangeExplanation[] {
  const { scheme, ranges, versions = [] } = affected;
  const meets = (range: AffectedRange): boolean | null => {
    const { affected: holds, unreadable } = isAffected(scheme, version, { ranges: [range] });
    return holds || unreadable.length === 0 ? holds : null;
  };
  const ofRanges = ranges.map((range) => ({
    range: formatRange(range),
    holds: meets(range) === true,
    comparisons: conditionsOf(range).map(
      (condition): Comparison => ({ condition: formatRange(condition), holds: meets(condition) }),
    ),
  }));
  return versions.length === 0 ? ofRanges : [...ofRanges, listed(affected, version)];
}

/** A range's conditions one by one. */
function conditionsOf({ introduced, introducedAfter, fixed, lastAffected }: AffectedRange): AffectedRange[] {
  const conditions: AffectedRange[] = [];
  if (introduced !== undefined && introduced !== "0") conditions.push({ introduced });
  if (introducedAfter !== undefined) conditions.push({ introducedAfter });
  if (fixed !== undefined) conditions.push({ fixed });
  if (lastAffected !== undefined) conditions.push({ lastAffected });
  return conditions;
}

function listed({ scheme, versions = [] }: AffectedRecord["affected"], version: string): RangeExplanation {
  const { listed: equal } = isAffected(scheme, version, { ranges: [], versions });
  return {
    range: `one of ${versions.length} listed versions`,
    holds: equal !== undefined,
    comparisons: equal === undefined ? [] : [{ condition: `= ${equal}`, holds: true }],
  };
}
