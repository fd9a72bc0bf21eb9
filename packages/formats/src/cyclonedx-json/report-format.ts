import type { SpecVersion } from "../cyclonedx/bom.ts";
import { reportBom } from "../cyclonedx/report-bom.ts";
import type { ReportFormat } from "../format.ts";
import { bomJson } from "./write-json.ts";

const json = (specVersion: SpecVersion): Omit<ReportFormat, "name"> => ({
  mediaType: `application/vnd.cyclonedx+json; version=${specVersion}`,
  extension: "cdx.json",
  write: (report, options) => bomJson(reportBom(report, options), specVersion),
});

/** CycloneDX 1.6 JSON with vulnerabilities. */
export const cyclonedxJsonReport = { name: "cyclonedx-json", ...json("1.6") } satisfies ReportFormat;
/** The same as 1.5. */
export const cyclonedxJsonReport15 = { name: "cyclonedx-json-1-5", ...json("1.5") } satisfies ReportFormat;
/** The same as 1.7. */
export const cyclonedxJsonReport17 = { name: "cyclonedx-json-1-7", ...json("1.7") } satisfies ReportFormat;
