import { consoleText } from "./console/report-format.ts";
import { cyclonedxJson } from "./cyclonedx-json/sbom-format.ts";
import type { ReportFormat, SbomFormat } from "./format.ts";
import { jsonV0 } from "./json-v0/report-format.ts";
import { jsonV1 } from "./json-v1/report-format.ts";
import { plimsollJson } from "./plimsoll-json/sbom-format.ts";

/** Every way to write a report. */
export const reportFormats = [consoleText, jsonV1, jsonV0] as const satisfies readonly ReportFormat[];

/** Every way to write an SBOM. */
export const sbomFormats = [cyclonedxJson, plimsollJson] as const satisfies readonly SbomFormat[];
