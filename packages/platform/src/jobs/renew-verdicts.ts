import { messageOf } from "@plimsoll/kit";
import { platformError } from "../errors.ts";
import { theServer } from "../identity/actor.ts";
import { judgeNow } from "../services/result/judge-now.ts";
import { liveSituation } from "../services/result/live-situation.ts";
import type { Services } from "../services/services.ts";
import { judgedAlike, keepVerdicts, type LiveAsset } from "../store/jobs/live-verdicts.ts";
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
  let done = 0;
  for (const alike of await judgedAlike(services.pool, assets)) {
    signal.throwIfAborted();
    progress({ step: "judging", done, total: assets.length });
    try {
      await renew(services, alike);
    } catch (error) {
      failed += alike.length;
      const [result] = alike;
      services.log.warn("a verdict could not be renewed", { result, why: messageOf(error) });
    }
    done += alike.length;
  }
  return { renewed: assets.length - failed, failed };
}

/** What is behind the store's knowledge would write down what is known no more. */
async function keepUp({ pool, knowledge }: Services): Promise<void> {
  const { seq } = await newestKnowledge(pool);
  if (knowledge.current().seq < seq) await knowledge.follow();
  if (knowledge.current().seq < seq) throw platformError("BUSY");
}

/** Judges the first of some results that are judged alike, for all of them. */
async function renew(services: Services, alike: readonly string[]): Promise<void> {
  const kept = await keptResult(services.db, theServer, alike[0] ?? "");
  if (kept === null) return;
  const report = judgeNow(services, kept.report, await liveSituation(services, kept));
  await keepVerdicts(services.pool, alike, { report, now: report.evaluatedAt });
}
