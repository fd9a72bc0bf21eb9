import { reportFormats } from "@plimsoll/formats";
import type { Report } from "@plimsoll/model";
import { tool } from "../../tool.ts";

/** The inner document of a report format: without what wraps it in a file. */
export function wholeResult(
  format: "json-v1" | "json-v0",
  {
    report,
    name,
    inUse,
  }: { readonly report: Report; readonly name: string; readonly inUse?: ReadonlySet<string> | null },
): Record<string, unknown> {
  const writer = reportFormats.find((candidate) => candidate.name === format);
  const options = {
    scanner: tool,
    scanTime: report.evaluatedAt,
    scanDurationMs: 0,
    pullString: name,
    layers: true,
    ...(inUse != null && { inUse }),
    text,
  };
  const whole: { readonly result: Record<string, unknown> } = JSON.parse(writer?.write(report, options) ?? "{}");
  return whole.result;
}

/** Asked of every format; those of the API have no text for people. */
const text = {
  columns: 80,
  colors: false,
  everyFinding: false,
  everyRule: false,
  groupBy: "nothing",
  reference: false,
} as const;

/** Where the same is, judged with what is known today. */
export function nowPath(resultId: string): string {
  return `/secure/vulnerability/v1/results/${resultId}/now`;
}
