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

/**
 * Keeps judgements whose flaws are at most `most` in all, a component without any counted as one: those that were asked
 * for since half of that came, and the half before them. Asking for what is asked for often costs one look.
 */
export function recentJudgements(most: number): Judgements {
  let young = new Map<string, Judged>();
  let old = young;
  let weight = 0;
  const keep = (identity: string, judged: Judged): void => {
    const added = weightOf(judged);
    if (added > most / 2) return;
    if (weight + added > most / 2) {
      old = young;
      young = new Map();
      weight = 0;
    }
    if (!young.has(identity)) weight += added;
    young.set(identity, judged);
  };
  return {
    get: (identity) => {
      const judged = young.get(identity);
      if (judged !== undefined) return judged;
      const before = old.get(identity);
      if (before !== undefined) keep(identity, before);
      return before;
    },
    set: keep,
  };
}

function weightOf({ flaws, advisories }: Judged): number {
  return 1 + flaws.length + advisories.length;
}
