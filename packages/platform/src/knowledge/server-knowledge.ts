import { evaluate, type Judgements, judgesRevision, recentJudgements } from "@plimsoll/evaluate";
import type { Sbom } from "@plimsoll/model";
import type { KnowledgeBase } from "@plimsoll/vulndb";
import type { Pool } from "pg";
import { platformError } from "../errors.ts";
import { type RecentKeys, recentKeys } from "../store/ingest/recent-keys.ts";
import { judgesOf, nameJudges } from "../store/knowledge/judges.ts";
import { newestKnowledge } from "../store/knowledge/newest.ts";
import { type Revision, rematch } from "../store/knowledge/rematch.ts";

/** What this process knows, in step with the store. */
export interface ServerKnowledge extends Disposable {
  /** What is known now. */
  readonly current: () => Known;
  /** Opens the database anew, and makes the store follow it if it is newer. Throws KNOWLEDGE_BEHIND when the store's is. */
  readonly reload: () => Promise<void>;
  /** Goes over to the database on this machine if it is the one that the store follows by now; teaches the store nothing. */
  readonly follow: () => Promise<void>;
}

/** One revision of what is known. */
export interface Known {
  /** The open database. */
  readonly base: KnowledgeBase;
  /** The store's number for it; -1: the store follows a newer one that is not on this machine. */
  readonly seq: number;
  /** Components that were judged with it lately. */
  readonly judgements: Judgements;
  /** Keys of components that this process has put into the store lately. */
  readonly stored: RecentKeys;
}

/** Flaws of judgements that are kept, about 1 kB each: what some thousand images have together. */
const mostFlaws = 100_000;
/** Components that are remembered as stored, about 100 bytes each. */
const mostStored = 200_000;

/**
 * Opens a database and makes the store follow it, if it does not yet, or if another program judged last. `open` is called again for every reload.
 */
export async function serverKnowledge(
  pool: Pool,
  open: () => KnowledgeBase | Promise<KnowledgeBase>,
  clock: () => number,
): Promise<ServerKnowledge> {
  let current = knownOf(await adoptAtStart(pool, { base: await open(), judges: judgesRevision }, clock));
  // Whoever is reading the one before may go on: it is closed only when the next but one comes.
  let before: KnowledgeBase | null = null;
  const become = (next: Omit<Known, "judgements" | "stored">): void => {
    before?.[Symbol.dispose]();
    before = current.base;
    current = knownOf(next);
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

function knownOf(known: Omit<Known, "judgements" | "stored">): Known {
  return { ...known, judgements: recentJudgements(mostFlaws), stored: recentKeys(mostStored) };
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

interface Start {
  readonly base: KnowledgeBase;
  readonly judges: string;
}

/** Only at the start: while two programs run side by side, the older one must not judge everything back. */
export async function adoptAtStart(pool: Pool, { base, judges }: Start, clock: () => number) {
  const before = await judgesOf(pool);
  const { seq } = await newestKnowledge(pool);
  const adopted = await adopt(pool, base, clock);
  if (adopted.seq === behind || before === judges) return adopted;
  const isNew = before === null && seq === 0;
  const rejudged = isNew ? adopted : await teach(pool, base, { changed: null, now: clock() });
  await nameJudges(pool, judges);
  return rejudged;
}

async function adopt(pool: Pool, base: KnowledgeBase, clock: () => number) {
  const newest = await newestKnowledge(pool);
  if (newest.revision === base.status.revision) return { base, seq: newest.seq };
  // Two machines with two databases would otherwise teach the store by turns, and back.
  if (newest.builtAt > Date.parse(base.status.builtAt)) return { base, seq: behind };
  return teach(pool, base, { changed: { prints: base.prints() }, now: clock() });
}

interface Lesson {
  readonly changed: Revision["changed"];
  readonly now: number;
}

async function teach(pool: Pool, base: KnowledgeBase, { changed, now }: Lesson) {
  // No limit of one target's: a batch holds components of many.
  const options = { now, stage: "registry", policies: [], maxFindings: Number.POSITIVE_INFINITY } as const;
  const findingsOf = (sbom: Sbom) => evaluate(sbom, base, options).findings;
  const { revision, builtAt } = base.status;
  const { seq } = await rematch(pool, { revision, builtAt, changed, findingsOf }, now);
  return { base, seq };
}
