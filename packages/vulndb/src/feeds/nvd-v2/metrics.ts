import type { Cvss } from "@plimsoll/model";
import { readCvss, sortCvss } from "../../records/cvss-field.ts";
import { type JsonObject, objectOf, objectsOf } from "../../records/json-value.ts";

/** NVD's own source identifier. */
export const nvdSource = "nvd@nist.gov";
/** CISA's Authorized Data Publisher (vulnrichment) among the sources of NVD's API. */
export const cisaAdpSource = "134c704f-9b21-4f2e-91b3-4a467353bcc0";

const metricNames = ["cvssMetricV40", "cvssMetricV31", "cvssMetricV30", "cvssMetricV2"];

/** CVSS ratings of one record by who gave them, each list in the order of `sortCvss`. */
export interface CvssByProvider {
  readonly nvd: readonly Cvss[];
  readonly cna: readonly Cvss[];
  readonly "cisa-adp": readonly Cvss[];
}

/**
 * Splits a record's metrics by source. The source decides, not `type`: NVD marks a CNA's score "Primary" where it gives
 * none of its own. Scores of third parties stand under `cna` only where the record's own source gives none.
 */
export function cvssByProvider(metrics: unknown, recordSource: string): CvssByProvider {
  const all = metricNames.flatMap((name) => objectsOf(objectOf(metrics)?.[name]));
  const of = (chosen: (source: unknown) => boolean): Cvss[] =>
    sortCvss(
      all
        .filter(({ source }) => chosen(source))
        .map(ratingOf)
        .filter((rating) => rating !== null),
    );
  const own = of((source) => source === recordSource && source !== nvdSource);
  const others = of((source) => source !== nvdSource && source !== cisaAdpSource);
  return {
    nvd: of((source) => source === nvdSource),
    cna: own.length > 0 ? own : others,
    "cisa-adp": of((source) => source === cisaAdpSource),
  };
}

function ratingOf(metric: JsonObject): Cvss | null {
  const data = objectOf(metric.cvssData);
  if (data === null) return null;
  return readCvss(data, { exploitability: metric.exploitabilityScore, impact: metric.impactScore });
}
