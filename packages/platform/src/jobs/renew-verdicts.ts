import { messageOf } from "@plimsoll/kit";
import { platformError } from "../errors.ts";
import { theServer } from "../identity/actor.ts";
import { judgeNow } from "../services/result/judge-now.ts";
import type { Services } from "../services/services.ts";
import { type LiveAsset, renewVerdict } from "../store/jobs/live-verdicts.ts";
import { newestKnowledge } from "../store/knowledge/newest.ts";
import { keptResult } from "../store/results/result-documents.ts";
import type { Task } from "./job.ts";

export interface Renewed {
  readonly renewed: number;
  /** Whose SBOM could not be read or judged. */
  readonly failed: number;
}

/** Judges live assets anew from their kept SBOMs; done twice it gives the same verdicts. Throws when the job is to stop. */
export async function renewVerdicts(
  { services, signal, progress }: Pick<Task<unknown>, "services" | "signal" | "progress">,
  assets: readonly LiveAsset[],
): Promise<Renewed> {
  await keepUp(services);
  let failed = 0;
  for (const [done, asset] of assets.entries()) {
    signal.throwIfAborted();
    progress({ step: "judging", done, total: assets.length });
    try {
      await renew(services, asset);
    } catch (error) {
      failed++;
      services.log.warn("a verdict could not be renewed", { result: asset.resultId, why: messageOf(error) });
    }
  }
  return { renewed: assets.length - failed, failed };
}

/** What is behind the store's knowledge would write down what is known no more. */
async function keepUp({ pool, knowledge }: Services): Promise<void> {
  const { seq } = await newestKnowledge(pool);
  if (knowledge.current().seq < seq) await knowledge.follow();
  if (knowledge.current().seq < seq) throw platformError("BUSY");
}

async function renew(services: Services, asset: LiveAsset): Promise<void> {
  const kept = await keptResult(services.db, theServer, asset.resultId);
  if (kept === null) return;
  const { verdict, evaluatedAt } = judgeNow(services, kept.report);
  await renewVerdict(services.pool, asset, { verdict, now: evaluatedAt });
}
