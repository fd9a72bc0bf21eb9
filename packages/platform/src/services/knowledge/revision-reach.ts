import { platformError } from "../../errors.ts";
import { type Actor, demand } from "../../identity/actor.ts";
import { newestKnowledge } from "../../store/knowledge/newest.ts";
import { assetsChangedBy, type FlawChanged, flawsChangedBy } from "../../store/knowledge/revision-reach.ts";
import type { Services } from "../services.ts";

/** What a revision of knowledge changed for what the actor sees. */
export interface RevisionReach {
  readonly seq: number;
  readonly images: number;
  readonly assets: number;
  readonly vulnerabilities: readonly FlawChanged[];
}

/** `seq` absent: the newest revision. Throws FORBIDDEN, NOT_FOUND for one that never was. */
export async function revisionReach(
  { db, pool }: Pick<Services, "db" | "pool">,
  actor: Actor,
  seq?: number,
): Promise<RevisionReach> {
  demand(actor, "results.read");
  const newest = await newestKnowledge(pool);
  const wanted = seq ?? newest.seq;
  if (wanted > newest.seq) throw platformError("NOT_FOUND", { fields: { what: "revision" } });
  const [assets, vulnerabilities] = await Promise.all([
    assetsChangedBy(db, actor, wanted),
    flawsChangedBy(db, actor, wanted),
  ]);
  return { seq: wanted, ...assets, vulnerabilities };
}
