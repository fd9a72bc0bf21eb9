/** What came of reading archives twice. */
export interface Comparison {
  /** Kind of outcome → number of archives; `same` counts those that both read alike. */
  readonly tally: Readonly<Record<string, number>>;
  /** What the other reader sees and we neither see nor tell. */
  readonly missing: readonly string[];
}

/** Counts outcomes; those beginning with "missing" are kept by their words. */
export function compared(outcomes: readonly string[]): Comparison {
  const tally: Record<string, number> = {};
  for (const outcome of outcomes) {
    const kind = outcome.split(":")[0] ?? "";
    tally[kind] = (tally[kind] ?? 0) + 1;
  }
  return { tally, missing: outcomes.filter((outcome) => outcome.startsWith("missing")) };
}
