import { platformError } from "../../errors.ts";
import { type Actor, demand } from "../../identity/actor.ts";
import { type KeptResult, keptResult } from "../../store/results/result-documents.ts";
import type { Services } from "../services.ts";

/** One result as it was frozen. Throws FORBIDDEN, NOT_FOUND (also for what only others may see). */
export async function readResult({ db }: Services, actor: Actor, id: string): Promise<KeptResult> {
  demand(actor, "results.read");
  const kept = await keptResult(db, actor, id);
  if (kept === null) throw platformError("NOT_FOUND", { fields: { what: "result" } });
  return kept;
}
