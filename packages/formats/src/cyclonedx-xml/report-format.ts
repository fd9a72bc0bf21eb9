import type { SpecVersion } from "../cyclonedx/bom.ts";
import { reportBom } from "../cyclonedx/report-bom.ts";
import type { ReportFormat } from "../format.ts";
import { bomXml } from "./write-xml.ts";

const xml = (specVersion: SpecVersion): Omit<ReportFormat, "name"> => ({
  mediaType: `application/vnd.cyclonedx+xml; version=${specVersion}`,
  extension: "cdx.xml",
  write: (report, options) => bomXml(reportBom(report, options), specVersion),
});

/** CycloneDX 1.6 XML with vulnerabilities. */
export const cyclonedxXmlReport = { name: "cyclonedx-xml", ...xml("1.6") } satisfies ReportFormat;
/** The same as 1.5, for readers that know no later one. */
export const cyclonedxXmlReport15 = { name: "cyclonedx-xml-1-5", ...xml("1.5") } satisfies ReportFormat;
/** The same as 1.7. */
export const cyclonedxXmlReport17 = { name: "cyclonedx-xml-1-7", ...xml("1.7") } satisfies ReportFormat;
