import { type Cvss, type RatedSeverity, severityOfScore } from "@plimsoll/model";
import { type JsonObject, numberOf } from "./json-value.ts";

/** Versions from the one whose score gives a provider's severity to the one asked last (decision 5: v3, v4, then v2). */
const preference = ["3.1", "3.0", "4.0", "2.0"];

/** Where scores beside the CVSS object stand (NVD keeps them one level up). */
export interface SubScores {
  readonly exploitability?: unknown;
  readonly impact?: unknown;
}

/**
 * Reads a CVSS object as NVD and CVE records hold it (`version`, `baseScore`, `vectorString`; first.org JSON schemas).
 * `null` when version, score (0-10) or vector do not make sense.
 */
export function readCvss(data: JsonObject, sub: SubScores = {}): Cvss | null {
  const version = String(data.version ?? "");
  const score = numberOf(data.baseScore);
  const vector = data.vectorString;
  if (!preference.includes(version) || !isScore(score)) return null;
  if (typeof vector !== "string" || !isVector(version, vector)) return null;
  const exploitabilityScore = numberOf(sub.exploitability);
  const impactScore = numberOf(sub.impact);
  return {
    version,
    score,
    vector,
    ...(isScore(exploitabilityScore) && { exploitabilityScore }),
    ...(isScore(impactScore) && { impactScore }),
  };
}

/** CVSS ratings in one order: the one that gives the severity first. Repeats are dropped. */
export function sortCvss(ratings: readonly Cvss[]): Cvss[] {
  const unique = [...new Map(ratings.map((cvss) => [`${cvss.vector} ${cvss.version} ${cvss.score}`, cvss])).values()];
  return unique.sort((a, b) => preference.indexOf(a.version) - preference.indexOf(b.version));
}

/** Severity a provider's ratings amount to: v3.1, else v3.0, v4.0, v2.0; `undefined` when there is no rating. */
export function severityOfCvss(ratings: readonly Cvss[]): RatedSeverity | undefined {
  const first = sortCvss(ratings)[0];
  if (first === undefined) return undefined;
  // CVSS v2 has no word "critical": NVD calls 7.0 to 10.0 high (nvd.nist.gov/vuln-metrics/cvss).
  return first.version === "2.0" && first.score >= 7 ? "high" : severityOfScore(first.score);
}

function isScore(score: number | null): score is number {
  return score !== null && score >= 0 && score <= 10;
}

function isVector(version: string, vector: string): boolean {
  if (vector.length > 400 || !/^[A-Za-z0-9:./()]+$/.test(vector)) return false;
  return version === "2.0" ? /^\(?AV:/.test(vector) : vector.startsWith(`CVSS:${version}/`);
}
