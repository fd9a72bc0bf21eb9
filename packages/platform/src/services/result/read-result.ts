import { diffReports } from "@plimsoll/evaluate";
import type { Difference, Judged, Report } from "@plimsoll/model";
import { platformError } from "../../errors.ts";
import { type Actor, demand } from "../../identity/actor.ts";
import { newestKnowledge } from "../../store/knowledge/newest.ts";
import { type KeptResult, keptResult } from "../../store/results/result-documents.ts";
import type { Services } from "../services.ts";
import { judgeNow } from "./judge-now.ts";
import { liveSituation } from "./live-situation.ts";

/** A result as its kind is shown: a pipeline's as it was frozen, any other as it stands now. */
export interface ShownResult extends KeptResult {
  readonly isFrozen: boolean;
  /** Judged today, a frozen one might say something else. */
  readonly hasNewerView: boolean;
  /** Ids of packages in use; `null`: nobody looked. */
  readonly inUse: ReadonlySet<string> | null;
}

/**
 * One result (decision 9): of a pipeline byte for byte what was answered then, of registries and workloads the kept SBOM
 * with what is known now. Throws FORBIDDEN, NOT_FOUND (also for what only others may see); so do the others.
 */
export async function readResult(services: Services, actor: Actor, id: string): Promise<ShownResult> {
  const kept = await keptFor(services, actor, id);
  if (kept.assetKind !== "pipeline") {
    const situation = await liveSituation(services, kept);
    const report = judgeNow(services, kept.report, situation);
    return { ...kept, report, isFrozen: false, hasNewerView: false, inUse: situation.inUse };
  }
  return { ...kept, isFrozen: true, hasNewerView: await hasMovedOn(services, kept), inUse: null };
}

/** A kept result, the same judged now, and what differs. */
export interface ResultNow {
  readonly kept: KeptResult;
  readonly report: Report;
  readonly difference: Difference;
}

/** "What is known today about this": the kept SBOM judged now, against what was answered then. */
export async function readResultNow(services: Services, actor: Actor, id: string): Promise<ResultNow> {
  const kept = await keptFor(services, actor, id);
  const report = judgeNow(services, kept.report, await liveSituation(services, kept));
  const difference = diffReports({ report: kept.report, judged: "then" }, { report, judged: "now" });
  return { kept, report, difference };
}

/** Which results to compare, and by which knowledge: that of now for both, or of each what it was answered with. */
export interface ComparedResults {
  readonly before: string;
  readonly after: string;
  readonly judged: Judged;
}

/** What differs between two results. */
export async function diffResults(
  services: Services,
  actor: Actor,
  { before, after, judged }: ComparedResults,
): Promise<Difference> {
  const sideOf = async (id: string) => {
    const kept = await keptFor(services, actor, id);
    const { report } = kept;
    return {
      report: judged === "now" ? judgeNow(services, report, await liveSituation(services, kept)) : report,
      judged,
    };
  };
  return diffReports(await sideOf(before), await sideOf(after));
}

/** A result's documents as they were written. */
async function keptFor({ db }: Services, actor: Actor, id: string): Promise<KeptResult> {
  demand(actor, "results.read");
  const kept = await keptResult(db, actor, id);
  if (kept === null) throw platformError("NOT_FOUND", { fields: { what: "result" } });
  return kept;
}

/** Knowledge has changed since, or the moment has passed at which time alone changes the answer (decision 10). */
async function hasMovedOn({ pool, clock }: Services, { knowledgeSeq, report }: KeptResult): Promise<boolean> {
  const { validUntil } = report.verdict;
  if (validUntil !== null && Date.parse(validUntil) <= clock()) return true;
  return (await newestKnowledge(pool)).seq > knowledgeSeq;
}
