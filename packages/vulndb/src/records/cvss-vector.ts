import { type Cvss, lookUp } from "@plimsoll/model";
import calculator from "ae-cvss-calculator";

/** Longest vector looked at, characters; a complete CVSS 4.0 vector has about 250. */
const longestVector = 400;
/** Pairs of a metric and a value; the calculator prints a warning for every pair of which one is missing. */
const shape = /^(CVSS:[34]\.[01]\/)?AV:[A-Za-z0-9]+(\/+[A-Za-z0-9]+:[A-Za-z0-9]+)*\/*$/;

/**
 * The rating a CVSS vector stands for, with its base score computed (CVSS v2 guide 3.2; v3.0, v3.1 section 7; v4.0
 * section 8); `null` when it is no complete vector of 2.0, 3.0, 3.1 or 4.0. The vector is kept as published.
 */
export function cvssOfVector(text: string): Cvss | null {
  const vector = text.trim();
  if (vector.length > longestVector || !shape.test(vector)) return null;
  const version = /^CVSS:(\d\.\d)/.exec(vector)?.[1] ?? "2.0";
  const score = isComplete(version, vector) ? scoreOf(version, vector) : undefined;
  return score !== undefined && score >= 0 && score <= 10 ? { version, score, vector } : null;
}

function scoreOf(version: string, vector: string): number | undefined {
  try {
    return computed(version, vector);
  } catch {
    return undefined; // The calculator throws at components and values it does not know.
  }
}

function computed(version: string, vector: string): number | undefined {
  switch (version) {
    case "2.0":
      return new calculator.Cvss2(vector).calculateScores().base;
    case "3.0":
      return new calculator.Cvss3P0(vector).calculateScores().base;
    case "3.1":
      return new calculator.Cvss3P1(vector).calculateScores().base;
    case "4.0":
      return new calculator.Cvss4P0(vector).calculateScores().baseMetricsOnly;
    default:
      return undefined;
  }
}

/** Base metrics every vector must name; the calculator takes what is missing for "none". */
const version3 = metrics("AV:[NALP] AC:[LH] PR:[NLH] UI:[NR] S:[UC] C:[NLH] I:[NLH] A:[NLH]");
const baseMetrics: Readonly<Record<string, readonly RegExp[]>> = {
  "2.0": metrics("AV:[LAN] AC:[HML] Au:[MSN] C:[NPC] I:[NPC] A:[NPC]"),
  "3.0": version3,
  "3.1": version3,
  "4.0": metrics("AV:[NALP] AC:[LH] AT:[NP] PR:[NLH] UI:[NPA] VC:[NLH] VI:[NLH] VA:[NLH] SC:[NLH] SI:[NLH] SA:[NLH]"),
};

function metrics(patterns: string): RegExp[] {
  return patterns.split(" ").map((pattern) => new RegExp(`(^|/)${pattern}(/|$)`));
}

function isComplete(version: string, vector: string): boolean {
  return lookUp(baseMetrics, version)?.every((metric) => metric.test(vector)) ?? false;
}
