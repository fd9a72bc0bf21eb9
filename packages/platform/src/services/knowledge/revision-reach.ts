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
  services: Pick<Services, "db" | "pool">,
  actor: Actor,
  seq?: number,
): Promise<RevisionReach> {
  demand(actor, "results.read");
  const newest = await newestKnowledge(services.pool);
  const wanted = seq ?? newest.seq;
  if (wanted > newest.seq) throw platformError("NOT_FOUND", { fields: { what: "revision" } });
  const [assets, vulnerabilities] = await Promise.all([
    revisionTouches(services, actor, wanted),
    revisionFlaws(services, actor, wanted),
  ]);
  return { seq: wanted, ...assets, vulnerabilities };
}

/** How many images and assets a revision concerns. Throws FORBIDDEN. */
export async function revisionTouches(
  { db }: Pick<Services, "db">,
  actor: Actor,
  seq: number,
): Promise<Pick<RevisionReach, "images" | "assets">> {
  demand(actor, "results.read");
  return assetsChangedBy(db, actor, seq);
}

/** The same flaw by flaw. Throws FORBIDDEN. */
export async function revisionFlaws(
  { db }: Pick<Services, "db">,
  actor: Actor,
  seq: number,
): Promise<readonly FlawChanged[]> {
  demand(actor, "results.read");
  return flawsChangedBy(db, actor, seq);
}
