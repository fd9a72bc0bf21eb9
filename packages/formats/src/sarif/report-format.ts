import type { ReportFormat } from "../format.ts";
import { jsonText } from "../json-text.ts";
import { sarifLog } from "./sarif-log.ts";

/** SARIF 2.1.0 (OASIS, errata 01), as code scanning services read it. */
export const sarif = {
  name: "sarif",
  mediaType: "application/sarif+json",
  extension: "sarif",
  write: (report, options) => jsonText(sarifLog(report, options)),
} satisfies ReportFormat;
