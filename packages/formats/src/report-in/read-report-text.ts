import type { Report } from "@plimsoll/model";
import { at, badReport, needed, parseDocument } from "./document.ts";
import { readReportV0 } from "./report-v0.ts";
import { readReportV1 } from "./report-v1.ts";

/**
 * Reads JSON v1 or v0, ours or the reference's, as far as a comparison needs it: packages, findings, layers, policies
 * with what broke them, problems and knowledge. What is missing there (source packages, configuration) is empty: such a
 * report can be compared, not judged again. Throws BAD_REPORT for anything else; never an empty report for a broken one.
 */
export function readReportText(text: string): Report {
  const root = parseDocument(text);
  if (at(root, "result") === undefined) throw badReport("it has no result");
  const result = needed(root, "result");
  const time = at(root, "info");
  return Array.isArray(needed(result, "packages").value) ? readReportV0(result, time) : readReportV1(result, time);
}

/** Whether a document looks like a report rather than an SBOM, by its first characters. Cheap, and right for what writes either. */
export function looksLikeReport(text: string): boolean {
  const start = text
    .slice(0, 4000)
    .replace(/^\ufeff/, "")
    .trimStart();
  return /^\{\s*"(info|scanner|result)"\s*:/.test(start);
}
