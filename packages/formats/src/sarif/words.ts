import { plainText } from "@plimsoll/kit";
import type { Finding, Severity } from "@plimsoll/model";

/** Text from outside in a message; brackets are escaped, as they would make links (SARIF 3.11.6). */
export function messageText(text: string, limit = 600): string {
  return plainText(text, limit).replace(/[[\]]/g, "\\$&");
}

/** An id from outside as a rule's id. */
export function idText(text: string): string {
  return plainText(text, 250);
}

/** How strongly a viewer marks it. */
export function levelOf(severity: Severity): "error" | "warning" | "note" {
  if (severity === "critical" || severity === "high") return "error";
  return severity === "medium" || severity === "unknown" ? "warning" : "note";
}

/** Where a severity has no score: the lowest score of its class (CVSS v3.1 section 5). */
const lowestScores: Readonly<Record<Exclude<Severity, "unknown">, string>> = {
  critical: "9.0",
  high: "7.0",
  medium: "4.0",
  low: "0.1",
  negligible: "0.1",
};

/** The score viewers sort by, as text; `null` for what nobody rates. */
export function securitySeverity({ cvss, severity }: Finding): string | null {
  if (cvss !== null && cvss.score > 0) return cvss.score.toFixed(1);
  return severity === "unknown" ? null : lowestScores[severity];
}

/** Severity as a word; `unrated` where nobody rates it. */
export function severityWord(severity: Severity): string {
  return severity === "unknown" ? "unrated" : severity;
}

/** What is to be done, in words. */
export function fixWords({ fixVersion, fixState }: Finding): string {
  if (fixVersion !== undefined) return plainText(fixVersion, 100);
  return fixState === "wont-fix" ? "will not be fixed" : fixState === "not-fixed" ? "not fixed yet" : "unknown";
}
