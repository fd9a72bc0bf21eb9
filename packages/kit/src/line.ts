/** Those who have one of a few places, and those who wait for one, in their order. */
export class Line {
  readonly #places: number;
  readonly #waiting: (() => void)[] = [];
  #working = 0;

  constructor(places: number) {
    this.#places = places;
  }

  /** How many have a place or wait. */
  get length(): number {
    return this.#working + this.#waiting.length;
  }

  /** Does `work` when there is a place: at once, without waiting for anything else, when there is one now. Throws what the work throws. */
  async do<T>(work: () => Promise<T>): Promise<T> {
    if (this.#working < this.#places) this.#working += 1;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      return await work();
    } finally {
      // The place goes from hand to hand: nobody who comes now gets before those who wait.
      const next = this.#waiting.shift();
      if (next === undefined) this.#working -= 1;
      else next();
    }
  }
}
