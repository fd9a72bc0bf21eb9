const slots = 2 ** 16;

/**
 * Guesses where a number of the old tree moved to: where the same number moved to last, else as far as its neighbour
 * above. Maker and user of a delta ask it the same things in the same order, so only its errors are stored.
 */
export class Predictor {
  readonly #known = new Float64Array(slots).fill(Number.NaN);
  readonly #moved = new Float64Array(slots);
  #last = 0;

  guess(old: number): number {
    const slot = old & (slots - 1);
    return old + (this.#known[slot] === old ? (this.#moved[slot] ?? 0) : this.#last);
  }

  learn(old: number, fresh: number): void {
    const slot = old & (slots - 1);
    this.#known[slot] = old;
    this.#moved[slot] = fresh - old;
    this.#last = fresh - old;
  }
}

/** What both sides know while a tree is gone through: one {@link Predictor} for each column, and the row before. */
export class RowMemory {
  readonly #predictors: Predictor[] = [];
  readonly #above: number[] = [];

  predictor(column: number): Predictor {
    const known = this.#predictors[column];
    if (known !== undefined) return known;
    const made = new Predictor();
    this.#predictors[column] = made;
    return made;
  }

  /** The number last written to a column; what a number without an old one is told by. */
  above(column: number): number {
    return this.#above[column] ?? 0;
  }

  wrote(column: number, value: number): void {
    this.#above[column] = value;
  }
}
