import { applyBaseline, diffReports } from "@plimsoll/evaluate";
import type { Report } from "@plimsoll/model";
import { analyzeSource } from "./analyze-source.ts";
import { judgeSides, readSide } from "./compared-side.ts";
import type { JudgeOptions } from "./judge.ts";
import type { Tools } from "./tools.ts";

export interface Judging {
  readonly source: string;
  readonly options: JudgeOptions;
  readonly tools: Tools;
}

/** A source judged only by what is new against a baseline. A baseline that cannot be read is an error, never an empty one. Throws what reading and judging throw. */
export async function judgeAgainst(baseline: string, { source, options, tools }: Judging): Promise<Report> {
  const known = await readSide(baseline, options, tools);
  await using analyzed = await analyzeSource(source, options, tools);
  const [before, after] = await judgeSides([known, { judged: "now", sbom: analyzed.sbom }], options, tools);
  await analyzed.verified();
  return applyBaseline(diffReports(before, after));
}
