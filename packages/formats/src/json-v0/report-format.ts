import type { CountsV0, ReportV0 } from "@plimsoll/contract";
import { type Finding, isPresent } from "@plimsoll/model";
import { baselineFacts } from "../against-baseline.ts";
import type { ReportFormat, WriteOptions } from "../format.ts";
import { jsonText } from "../json-text.ts";
import { indexReport, type ReportIndex } from "../report-index.ts";
import { imageFacts, infoOf, pullStringOf } from "../wire-values.ts";
import { countsV0, layersV0 } from "./layers.ts";
import { packageV0 } from "./packages.ts";
import { policiesV0 } from "./policies.ts";

/** The older report, the vendor's `v1beta1` (contract 2.5): Azure DevOps task, VS Code extension, DefectDojo, Harbor. */
export const jsonV0 = {
  name: "json-v0",
  mediaType: "application/json",
  extension: "json",
  write: (report, options) => jsonText(documentV0(indexReport(report), options)),
} satisfies ReportFormat;

function documentV0(index: ReportIndex, options: WriteOptions): ReportV0 {
  const { report, findings } = index;
  const present = report.sbom.packages.filter(isPresent);
  const withLayers = options.layers === true && index.layers.length > 0;
  return {
    info: infoOf(options),
    scanner: { ...options.scanner },
    result: {
      type: "dockerImage",
      metadata: metadataV0(index, options),
      vulnTotalBySeverity: countsV0(findings),
      fixableVulnTotalBySeverity: fixableV0(findings),
      exploitsCount: findings.filter(({ exploit }) => exploit !== null).length,
      packages: present.map((pkg) => packageV0(pkg, index, withLayers)),
      ...(withLayers && { layers: layersV0(index) }),
      policyEvaluations: policiesV0(index, present),
      policyEvaluationsResult: report.verdict.status,
      complete: report.verdict.complete,
      problems: report.problems.map((problem) => ({ ...problem })),
      ...(report.baseline !== undefined && { baseline: baselineFacts(report.baseline) }),
      knowledge: { ...report.knowledge, feeds: report.knowledge.feeds.map((feed) => ({ ...feed })) },
    },
  };
}

function metadataV0(index: ReportIndex, options: WriteOptions): ReportV0["result"]["metadata"] {
  const { createdAt, ...facts } = imageFacts(index.report);
  const layersCount = index.layers.filter(({ layer }) => layer.diffId !== null).length;
  return { pullString: pullStringOf(index.report, options), ...facts, layersCount, createdAt };
}

function fixableV0(findings: readonly Finding[]): CountsV0 {
  return countsV0(findings.filter(({ fixVersion }) => fixVersion !== undefined));
}
