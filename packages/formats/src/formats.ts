import { consoleText } from "./console/report-format.ts";
import { csv } from "./csv/report-format.ts";
import { cyclonedxJsonReport, cyclonedxJsonReport15, cyclonedxJsonReport17 } from "./cyclonedx-json/report-format.ts";
import { cyclonedxJson, cyclonedxJson15, cyclonedxJson17 } from "./cyclonedx-json/sbom-format.ts";
import { cyclonedxXmlReport, cyclonedxXmlReport15, cyclonedxXmlReport17 } from "./cyclonedx-xml/report-format.ts";
import { cyclonedxXml, cyclonedxXml15, cyclonedxXml17 } from "./cyclonedx-xml/sbom-format.ts";
import type { ReportFormat, SbomFormat } from "./format.ts";
import { github } from "./github/report-format.ts";
import { gitlab } from "./gitlab/report-format.ts";
import { gitlabCodequality } from "./gitlab-codequality/report-format.ts";
import { html } from "./html/report-format.ts";
import { jsonV0 } from "./json-v0/report-format.ts";
import { jsonV1 } from "./json-v1/report-format.ts";
import { junit } from "./junit/report-format.ts";
import { markdown } from "./markdown/report-format.ts";
import { plimsollJson } from "./plimsoll-json/sbom-format.ts";
import { sarif } from "./sarif/report-format.ts";
import { spdxJsonReport } from "./spdx-json/report-format.ts";
import { spdxJson } from "./spdx-json/sbom-format.ts";

/** Every way to write a report. */
export const reportFormats = [
  // for people
  consoleText,
  html,
  markdown,
  // the reference's
  jsonV1,
  jsonV0,
  // standards
  sarif,
  cyclonedxJsonReport,
  cyclonedxJsonReport15,
  cyclonedxJsonReport17,
  cyclonedxXmlReport,
  cyclonedxXmlReport15,
  cyclonedxXmlReport17,
  spdxJsonReport,
  csv,
  // pipelines
  junit,
  github,
  gitlab,
  gitlabCodequality,
] as const satisfies readonly ReportFormat[];

/** Every way to write an SBOM. */
export const sbomFormats = [
  cyclonedxJson,
  cyclonedxJson15,
  cyclonedxJson17,
  cyclonedxXml,
  cyclonedxXml15,
  cyclonedxXml17,
  spdxJson,
  plimsollJson,
] as const satisfies readonly SbomFormat[];
