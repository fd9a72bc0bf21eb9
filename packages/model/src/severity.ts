import { lookUp } from "./look-up.ts";
/** Severities of a rated vulnerability, lowest first. */
export const ratedSeverities = ["negligible", "low", "medium", "high", "critical"] as const;
export type RatedSeverity = (typeof ratedSeverities)[number];
/** `unknown` = nobody rates it (decision 6); never on the v1/v0 wire. */
export type Severity = RatedSeverity | "unknown";
/** All severities, worst first: the order of every table. */
export const severities = [
  "critical",
  "high",
  "medium",
  "low",
  "negligible",
  "unknown",
] as const satisfies readonly Severity[];

/** Ordinal for comparing: unknown 0, negligible 1 … critical 5. */
export function severityRank(severity: Severity): number {
  return severities.length - 1 - severities.indexOf(severity);
}

/** CVSS qualitative scale (CVSS v3.1 section 5; v4.0 section 6 is the same): 0 → negligible, 0.1-3.9 low, 4-6.9 medium, 7-8.9 high, 9-10 critical. */
export function severityOfScore(score: number): RatedSeverity {
  if (score >= 9) return "critical";
  if (score >= 7) return "high";
  if (score >= 4) return "medium";
  return score > 0 ? "low" : "negligible";
}

const words: Readonly<Record<string, Severity>> = {
  critical: "critical",
  high: "high",
  important: "high",
  medium: "medium",
  moderate: "medium",
  low: "low",
  minor: "low",
  negligible: "negligible",
  unimportant: "negligible",
  none: "negligible",
  unknown: "unknown",
  untriaged: "unknown",
};

/** Reads a publisher's severity word (Important, MODERATE, unimportant, …); `null` when it is none. */
export function parseSeverity(word: string): Severity | null {
  return lookUp(words, word.trim().toLowerCase()) ?? null;
}

/** One CVSS rating: version `2.0`, `3.0`, `3.1` or `4.0`, base score 0-10, vector as published. */
export interface Cvss {
  readonly version: string;
  readonly score: number;
  readonly vector: string;
  readonly exploitabilityScore?: number;
  readonly impactScore?: number;
}
