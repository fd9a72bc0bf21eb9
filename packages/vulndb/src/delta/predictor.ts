const slots = 2 ** 16;
/** Numbers so near to one another mostly moved alike. */
const neighbours = 256;

/**
 * Guesses where a number of the old tree moved to: where the same number moved to last, else as far as its neighbours, else
 * as far as the number above. Maker and user of a delta ask it the same things in the same order, so only its errors are
 * stored.
 */
export class Predictor {
  readonly #same = new Moves();
  readonly #near = new Moves();
  #last = 0;

  guess(old: number): number {
    return old + (this.#same.of(old) ?? this.#near.of(Math.floor(old / neighbours)) ?? this.#last);
  }

  learn(old: number, fresh: number): void {
    const moved = fresh - old;
    this.#same.set(old, moved);
    this.#near.set(Math.floor(old / neighbours), moved);
    this.#last = moved;
  }
}

/** How far each of the numbers met lately moved. */
class Moves {
  readonly #known = new Float64Array(slots).fill(Number.NaN);
  readonly #moved = new Float64Array(slots);

  of(number: number): number | undefined {
    const slot = number & (slots - 1);
    return this.#known[slot] === number ? this.#moved[slot] : undefined;
  }

  set(number: number, moved: number): void {
    const slot = number & (slots - 1);
    this.#known[slot] = number;
    this.#moved[slot] = moved;
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
