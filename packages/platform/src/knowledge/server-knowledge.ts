import { evaluate } from "@plimsoll/evaluate";
import type { Sbom } from "@plimsoll/model";
import type { KnowledgeBase } from "@plimsoll/vulndb";
import type { Pool } from "pg";
import { newestKnowledge } from "../store/knowledge/newest.ts";
import { rematch } from "../store/knowledge/rematch.ts";

/** What this process knows, in step with the store. */
export interface ServerKnowledge extends Disposable {
  /** The open database and the store's number for it. */
  readonly current: () => { readonly base: KnowledgeBase; readonly seq: number };
  /** Opens the database anew: another process taught the store something. */
  readonly reload: () => Promise<void>;
}

/** Opens a database and makes the store follow it, if it does not yet. `open` is called again for every reload. */
export async function serverKnowledge(
  pool: Pool,
  open: () => KnowledgeBase | Promise<KnowledgeBase>,
  clock: () => number,
): Promise<ServerKnowledge> {
  let current = await adopt(pool, await open(), clock);
  return {
    current: () => current,
    reload: async () => {
      const before = current;
      current = await adopt(pool, await open(), clock);
      before.base[Symbol.dispose]();
    },
    [Symbol.dispose]: () => current.base[Symbol.dispose](),
  };
}

async function adopt(pool: Pool, base: KnowledgeBase, clock: () => number) {
  const newest = await newestKnowledge(pool);
  if (newest.revision === base.status.revision) return { base, seq: newest.seq };
  const now = clock();
  // No limit of one target's: a batch holds components of many.
  const options = { now, stage: "registry", policies: [], maxFindings: Number.POSITIVE_INFINITY } as const;
  const findingsOf = (sbom: Sbom) => evaluate(sbom, base, options).findings;
  const { revision, builtAt } = base.status;
  const { seq } = await rematch(pool, { revision, builtAt, changed: { prints: base.prints() }, findingsOf }, now);
  return { base, seq };
}
