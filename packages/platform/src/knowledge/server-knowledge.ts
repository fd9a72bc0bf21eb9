import { evaluate } from "@plimsoll/evaluate";
import type { Sbom } from "@plimsoll/model";
import type { KnowledgeBase } from "@plimsoll/vulndb";
import type { Pool } from "pg";
import { platformError } from "../errors.ts";
import { newestKnowledge } from "../store/knowledge/newest.ts";
import { rematch } from "../store/knowledge/rematch.ts";

/** What this process knows, in step with the store. */
export interface ServerKnowledge extends Disposable {
  /** The open database and the store's number for it; -1: the store follows a newer one that is not on this machine. */
  readonly current: () => { readonly base: KnowledgeBase; readonly seq: number };
  /** Opens the database anew, and makes the store follow it if it is newer. Throws KNOWLEDGE_BEHIND when the store's is. */
  readonly reload: () => Promise<void>;
  /** Goes over to the database on this machine if it is the one that the store follows by now; teaches the store nothing. */
  readonly follow: () => Promise<void>;
}

/** Opens a database and makes the store follow it, if it does not yet. `open` is called again for every reload. */
export async function serverKnowledge(
  pool: Pool,
  open: () => KnowledgeBase | Promise<KnowledgeBase>,
  clock: () => number,
): Promise<ServerKnowledge> {
  let current = await adopt(pool, await open(), clock);
  // Whoever is reading the one before may go on: it is closed only when the next but one comes.
  let before: KnowledgeBase | null = null;
  const become = (next: typeof current): void => {
    before?.[Symbol.dispose]();
    before = current.base;
    current = next;
  };
  const inTurn = oneAtATime();
  return {
    current: () => current,
    reload: () =>
      inTurn(async () => {
        become(await adopt(pool, await open(), clock));
        if (current.seq === behind) throw platformError("KNOWLEDGE_BEHIND");
      }),
    follow: () =>
      inTurn(async () => {
        const { seq, revision } = await newestKnowledge(pool);
        if (seq === current.seq) return;
        const base = await open();
        if (base.status.revision === revision) become({ base, seq });
        else base[Symbol.dispose]();
      }),
    [Symbol.dispose]: () => {
      before?.[Symbol.dispose]();
      current.base[Symbol.dispose]();
    },
  };
}

function oneAtATime(): (work: () => Promise<void>) => Promise<void> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const done = last.then(work);
    last = done.catch(() => undefined);
    return done;
  };
}

/** Instead of a number of the store's. */
const behind = -1;

async function adopt(pool: Pool, base: KnowledgeBase, clock: () => number) {
  const newest = await newestKnowledge(pool);
  if (newest.revision === base.status.revision) return { base, seq: newest.seq };
  // Two machines with two databases would otherwise teach the store by turns, and back.
  if (newest.builtAt > Date.parse(base.status.builtAt)) return { base, seq: behind };
  const now = clock();
  // No limit of one target's: a batch holds components of many.
  const options = { now, stage: "registry", policies: [], maxFindings: Number.POSITIVE_INFINITY } as const;
  const findingsOf = (sbom: Sbom) => evaluate(sbom, base, options).findings;
  const { revision, builtAt } = base.status;
  const { seq } = await rematch(pool, { revision, builtAt, changed: { prints: base.prints() }, findingsOf }, now);
  return { base, seq };
}
