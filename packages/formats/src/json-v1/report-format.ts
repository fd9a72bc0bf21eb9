import type { ReportV1 } from "@plimsoll/contract";
import type { SourceInfo } from "@plimsoll/model";
import { baselineFacts } from "../against-baseline.ts";
import type { ReportFormat, WriteOptions } from "../format.ts";
import { jsonText } from "../json-text.ts";
import { indexReport, type ReportIndex } from "../report-index.ts";
import { imageFacts, infoOf, pullStringOf } from "../wire-values.ts";
import { packagesV1 } from "./packages.ts";
import { policiesV1 } from "./policies.ts";
import { vulnerabilitiesV1 } from "./vulnerabilities.ts";

/** The report that CI plugins and editors read (contract 2.4), with our additions under names they ignore. */
export const jsonV1 = {
  name: "json-v1",
  mediaType: "application/json",
  extension: "json",
  write: (report, options) => jsonText(documentV1(indexReport(report), options)),
} satisfies ReportFormat;

function documentV1(index: ReportIndex, options: WriteOptions): ReportV1 {
  const { report } = index;
  const isImage = report.sbom.source.kind === "image";
  return {
    info: infoOf(options),
    scanner: { ...options.scanner },
    result: {
      assetType: isImage ? "containerImage" : "host",
      stage: report.stage,
      producer: { producedAt: options.scanTime },
      metadata: isImage ? imageMetadata(index, options) : hostMetadata(index, options),
      layers: layersV1(index),
      baseImages: {},
      packages: packagesV1(index, options.inUse),
      vulnerabilities: vulnerabilitiesV1(index),
      policies: policiesV1(index),
      riskAccepts: {},
      source: sourceV1(report.sbom.source),
      complete: report.verdict.complete,
      validUntil: report.verdict.validUntil,
      problems: report.problems.map((problem) => ({ ...problem })),
      ...(report.baseline !== undefined && { baseline: baselineFacts(report.baseline) }),
      knowledge: { ...report.knowledge, feeds: report.knowledge.feeds.map((feed) => ({ ...feed })) },
    },
  };
}

function imageMetadata({ report }: ReportIndex, options: WriteOptions): ReportV1["result"]["metadata"] {
  const author = report.sbom.image?.author ?? "";
  return { pullString: pullStringOf(report, options), ...imageFacts(report), author };
}

/** Appendix A, HostMetadata. Directories travel as hosts: the wire knows nothing else without layers. */
function hostMetadata({ report }: ReportIndex, options: WriteOptions): ReportV1["result"]["metadata"] {
  const name = pullStringOf(report, options);
  return { hostId: name, hostName: name, os: imageFacts(report).baseOs };
}

/** The digest on the wire is the diffID, as in the reference's files: the same image gives the same report from every source. */
function layersV1({ layers }: ReportIndex): ReportV1["result"]["layers"] {
  return Object.fromEntries(
    layers.map(({ key, layer: { command, diffId, index, size } }) => [
      key,
      { command, digest: diffId ?? "", index, size },
    ]),
  );
}

function sourceV1({ attachments, ...place }: SourceInfo): NonNullable<ReportV1["result"]["source"]> {
  return { ...place, ...(attachments !== undefined && { attachments: [...attachments] }) };
}
