import { defaultPolicies, evaluate, namedPolicies } from "@plimsoll/evaluate";
import { type Policy, type Report, type Sbom, sortProblems } from "@plimsoll/model";
import { cliError } from "./errors.ts";
import { targetJudgements } from "./kept-judgements.ts";
import { openKnowledge } from "./knowledge.ts";
import type { KnowledgeOptions, SourceOptions } from "./options.ts";
import type { Tools } from "./tools.ts";
import { isReferenceMode } from "./world.ts";

export interface JudgeOptions extends KnowledgeOptions, SourceOptions {
  readonly policy?: readonly string[];
}

/** Matches what is known against what is there and evaluates policies. Throws BAD_OPTION_VALUE for a policy nobody knows, and what opening knowledge throws. */
export async function judge(sbom: Sbom, options: JudgeOptions, tools: Tools): Promise<Report> {
  const [report] = await judgeAll([sbom], options, tools);
  if (report === undefined) throw new TypeError("one target, one report");
  return report;
}

/** The same for several targets with the same knowledge at the same moment, in their order. */
export async function judgeAll(sboms: readonly Sbom[], options: JudgeOptions, tools: Tools): Promise<Report[]> {
  const policies = policiesFor(isReferenceMode(tools.world));
  const named = (options.policy ?? []).map((word) => identifierOf(word, policies));
  await using knowledge = await openKnowledge(sboms, options, tools);
  const now = tools.world.clock();
  return sboms.map((sbom) => {
    tools.progress.show(`Judging ${sbom.packages.length} packages`);
    const known: Sbom = { ...sbom, problems: sortProblems([...sbom.problems, ...knowledge.problems]) };
    const before = tools.cache && targetJudgements(sbom, tools.cache, { knowledge: knowledge.print });
    const report = evaluate(known, knowledge.base, {
      now,
      stage: sbom.source.kind === "host" ? "runtime" : "pipeline",
      policies,
      named,
      ...(before !== null && { judgements: before.judgements }),
      ...(options.maxKnowledgeAge !== undefined && { maxKnowledgeAgeDays: options.maxKnowledgeAge }),
    });
    before?.keep();
    return report;
  });
}

/** Decision 3: the reference evaluates only what is named or assigned by its platform. */
function policiesFor(referenceMode: boolean): Policy[] {
  const all = [...defaultPolicies, ...namedPolicies];
  return referenceMode ? all.map((policy) => ({ ...policy, stages: [] })) : all;
}

/** Clients name policies by identifier or by name (contract 2.2). */
function identifierOf(word: string, policies: readonly Policy[]): string {
  const wanted = word.toLowerCase();
  const found = policies.find(({ identifier, name }) => identifier === word || name.toLowerCase() === wanted);
  if (found !== undefined) return found.identifier;
  const next = `use one of: ${policies.map(({ identifier }) => identifier).join(", ")}`;
  throw cliError("BAD_OPTION_VALUE", { fields: { option: "--policy", value: JSON.stringify(word), next } });
}
