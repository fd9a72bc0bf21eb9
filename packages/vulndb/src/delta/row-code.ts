/** How a cell of a new row is told. */
export const codes = {
  /** As the paired row has it; a number with its predictor's error. */
  same: 0,
  null: 1,
  int: 2,
  raw: 3,
} as const;

/** Shape of a row whose cells are all `same` and as many as the paired row has; another number is the count of codes that follow, plus one. */
export const wholeRow = 0;

/** First bytes of every delta; the number is the version of its format. */
export const deltaMagic = "plimsoll-delta-1\n";
