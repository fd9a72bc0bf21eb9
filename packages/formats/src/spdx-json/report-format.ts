import type { Report } from "@plimsoll/model";
import type { ReportFormat } from "../format.ts";
import { jsonText } from "../json-text.ts";
import { indexReport } from "../report-index.ts";
import { vulnerabilityLink } from "../vulnerability-link.ts";
import { type Advisories, spdxDocument } from "./spdx-document.ts";

/** SPDX 2.3 JSON with a reference to a page about each vulnerability (SPDX 2.3 annex F.2.2); SPDX 2 has no place for more. */
export const spdxJsonReport = {
  name: "spdx-json",
  mediaType: "application/spdx+json; version=2.3",
  extension: "spdx.json",
  write: (report, { scanner, pullString }) => {
    const naming = pullString === undefined ? {} : { pullString };
    const sbom = { ...report.sbom, problems: report.problems };
    return jsonText(spdxDocument(sbom, { tool: scanner, ...naming }, advisoriesOf(report)));
  },
} satisfies ReportFormat;

function advisoriesOf(report: Report): Advisories {
  const byPackage = [...indexReport(report).findingsOf].map(([id, findings]) => {
    const links = findings.flatMap(({ vulnerability }) => vulnerabilityLink(vulnerability) ?? []);
    return [id, [...new Set(links)].sort()] as const;
  });
  return new Map(byPackage);
}
