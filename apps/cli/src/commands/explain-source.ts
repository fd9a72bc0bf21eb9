import { type ExplainQuery, type Explanation, explain } from "@plimsoll/evaluate";
import type { Sbom } from "@plimsoll/model";
import { analyzeSource } from "../analyze-source.ts";
import { openKnowledge } from "../knowledge.ts";
import type { KnowledgeOptions, SourceOptions } from "../options.ts";
import type { Tools } from "../tools.ts";

export interface Asking {
  readonly asked: ExplainQuery;
  readonly options: SourceOptions & KnowledgeOptions;
  readonly tools: Tools;
}

/** Reads a source and asks about one vulnerability in it. */
export async function explainSource(
  source: string,
  { asked, options, tools }: Asking,
): Promise<{ readonly sbom: Sbom; readonly explanation: Explanation }> {
  await using analyzed = await analyzeSource(source, options, tools);
  await analyzed.verified();
  const { sbom } = analyzed;
  await using knowledge = await openKnowledge(sbom, options, tools);
  return { sbom, explanation: explain(sbom, knowledge.base, asked) };
}
