import type { Flaw } from "./build-finding.ts";

/** What is known of one component: a name in one version and build. */
export interface Judged {
  readonly flaws: readonly Flaw[];
  /** Advisories that could not be judged for it, sorted. */
  readonly advisories: readonly string[];
  /** Versions that could not be read, sorted. */
  readonly versions: readonly string[];
}

/**
 * Components that were judged before, by all that decides about them but the knowledge: good for one knowledge base. An
 * evaluation asks it before it judges, and tells it what it judged; its report is the same with and without.
 */
export interface Judgements {
  get(identity: string): Judged | undefined;
  set(identity: string, judged: Judged): unknown;
}

/** Keeps judgements whose flaws are `most` in all, a component without any counted as one; what was asked for last stays. */
export function recentJudgements(most: number): Judgements {
  const kept = new Map<string, Judged>();
  let weight = 0;
  const drop = (identity: string, judged: Judged): void => {
    kept.delete(identity);
    weight -= weightOf(judged);
  };
  return {
    get: (identity) => {
      const judged = kept.get(identity);
      if (judged === undefined) return undefined;
      kept.delete(identity);
      kept.set(identity, judged);
      return judged;
    },
    set: (identity, judged) => {
      const before = kept.get(identity);
      if (before !== undefined) drop(identity, before);
      kept.set(identity, judged);
      weight += weightOf(judged);
      for (const [oldest, theirs] of kept) {
        if (weight <= most) return;
        drop(oldest, theirs);
      }
    },
  };
}

function weightOf({ flaws, advisories }: Judged): number {
  return 1 + flaws.length + advisories.length;
}
