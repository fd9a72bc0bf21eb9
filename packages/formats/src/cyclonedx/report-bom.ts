import type { Report } from "@plimsoll/model";
import type { WriteOptions } from "../format.ts";
import { indexReport } from "../report-index.ts";
import { instantOf } from "../wire-values.ts";
import { type Bom, bomOf } from "./bom.ts";
import { bomVulnerabilities } from "./vulnerabilities.ts";

/** A report as a bill of materials with its vulnerabilities (VDR), dated by the scan; problems of matching are in it too. */
export function reportBom(report: Report, { scanner, scanTime, pullString }: WriteOptions): Bom {
  const naming = pullString === undefined ? {} : { pullString };
  const bom = bomOf({ ...report.sbom, problems: report.problems }, { tool: scanner, ...naming });
  const timestamp = instantOf(scanTime);
  return {
    ...bom,
    metadata: { ...(timestamp !== null && { timestamp }), ...bom.metadata },
    vulnerabilities: bomVulnerabilities(indexReport(report)),
  };
}
