import type { CountsV0, LayerV0 } from "@plimsoll/contract";
import type { Finding } from "@plimsoll/model";
import type { ReportIndex } from "../report-index.ts";

/** Findings by severity; unrated counts as medium, as on the rest of this wire (decision 6). */
export function countsV0(findings: readonly Finding[]): CountsV0 {
  const counts = { critical: 0, high: 0, medium: 0, low: 0, negligible: 0 };
  for (const { severity } of findings) counts[severity === "unknown" ? "medium" : severity] += 1;
  return counts;
}

/** `result.layers`: one row per history row; those without a file system have neither digest nor counts. */
export function layersV0(index: ReportIndex): LayerV0[] {
  const perLayer = Map.groupBy(index.findings, ({ packageId }) => {
    return index.layerOf(index.packages.get(packageId)?.introducedIn ?? null)?.key ?? "";
  });
  return index.layers.map(({ key, layer: { command, diffId, size } }) => ({
    ...(diffId !== null && { digest: diffId }),
    ...(size !== null && { size }),
    command,
    vulns: diffId === null ? {} : countsV0(perLayer.get(key) ?? []),
    runningVulns: {},
    baseImages: [],
  }));
}
