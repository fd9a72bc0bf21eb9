import { open } from "node:fs/promises";
import { looksLikeReport, readReportText } from "@plimsoll/formats";
import type { ComparedSide, Report, Sbom } from "@plimsoll/model";
import { analyzeSource } from "./analyze-source.ts";
import { type JudgeOptions, judgeAll } from "./judge.ts";
import { readTextFile } from "./read-sbom.ts";
import type { Tools } from "./tools.ts";

/** A side of a comparison: to be judged now, or judged when its report was written. */
export type Side =
  | { readonly judged: "now"; readonly sbom: Sbom }
  | { readonly judged: "then"; readonly report: Report };

const reportPrefix = "report:";
const largestReportBytes = 128 * 2 ** 20;

/**
 * Reads a side: any source, `sbom:FILE`, `report:FILE`; a file that is neither archive nor folder but a JSON or XML
 * document is told by its beginning. Throws what reading throws, BAD_REPORT and BAD_SBOM included.
 */
export async function readSide(text: string, options: JudgeOptions, tools: Tools): Promise<Side> {
  const named = await nameOfSide(text);
  const report = await readReportOf(named, tools);
  if (report !== null) return { judged: "then", report };
  await using analyzed = await analyzeSource(named, options, tools);
  await analyzed.verified();
  return { judged: "now", sbom: analyzed.sbom };
}

/** A side as it is opened: documents bear `report:` or `sbom:`. */
export function nameOfSide(text: string): Promise<string> {
  return text.startsWith(reportPrefix) ? Promise.resolve(text) : asDocument(text);
}

/** The report that `report:FILE` names; `null` for anything else. Throws INPUT_FAILED, BAD_REPORT. */
export async function readReportOf(named: string, { progress }: Tools): Promise<Report | null> {
  if (!named.startsWith(reportPrefix)) return null;
  progress.show(`Reading ${named}`);
  return readReportText(await readTextFile(named.slice(reportPrefix.length), largestReportBytes));
}

/** Judges what is to be judged now, all with the same knowledge and clock. */
export async function judgeSides(
  [before, after]: readonly [Side, Side],
  options: JudgeOptions,
  tools: Tools,
): Promise<readonly [ComparedSide, ComparedSide]> {
  const sboms = [before, after].flatMap((side) => (side.judged === "now" ? [side.sbom] : []));
  const judged = sboms.length === 0 ? [] : await judgeAll(sboms, options, tools);
  const compared = (side: Side): ComparedSide => {
    const report = side.judged === "then" ? side.report : judged.shift();
    if (report === undefined) throw new TypeError("a report for each target");
    return { judged: side.judged, report };
  };
  return [compared(before), compared(after)];
}

/** `report:` or `sbom:` before the path of a document; anything else as it is. */
async function asDocument(text: string): Promise<string> {
  const start = await beginningOf(text);
  if (start === null || !/^\ufeff?\s*[{<]/.test(start)) return text;
  return looksLikeReport(start) ? `${reportPrefix}${text}` : `sbom:${text}`;
}

/** The first bytes of a regular file; `null` when the text names none, as image names do. */
async function beginningOf(path: string): Promise<string | null> {
  try {
    await using file = await open(path, "r");
    if (!(await file.stat()).isFile()) return null;
    const { buffer, bytesRead } = await file.read(Buffer.alloc(4096), 0, 4096, 0);
    return buffer.subarray(0, bytesRead).toString("utf8");
  } catch {
    return null;
  }
}
