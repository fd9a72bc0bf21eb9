import { type CellTable, cellKinds } from "./columns.ts";
import { RowMemory } from "./predictor.ts";

/** Rows one after the other: `pairs` that are the same row in both, then rows only the old tree has, then new ones. */
export interface Run {
  readonly pairs: number;
  readonly dropped: number;
  readonly added: number;
}

/** Rows looked ahead on either side for a place where both go on alike. */
const ringRows = 300;
/** Rows that must agree there. */
const proofRows = 8;
/** Comparisons spent on one tree for blocks longer than the ring. */
const farBudget = 30_000_000;
/** How far a number may be from where its neighbours moved to, in a row that is still the same. */
const nearby = 64;

/**
 * Which rows of an old tree are which of the new one. Keys are ranks here: one name added moves all numbers behind it. So
 * a row is known again by its text, or by numbers that moved as those before them. A wrong guess costs bytes, nothing else.
 */
export function alignRows(old: CellTable, fresh: CellTable): Run[] {
  return new Alignment(old, fresh).runs();
}

class Alignment {
  readonly #old: CellTable;
  readonly #fresh: CellTable;
  readonly #anchor: number | null;
  /** How numbers moved in the pairs so far. */
  readonly #memory = new RowMemory();
  readonly #width: number;
  #budget = farBudget;
  /** Pairs of late in which half the numbers were not where they should be: keys so dense that any rows seem to fit. */
  #strange = 0;
  #places: Map<number, number> | null = null;

  constructor(old: CellTable, fresh: CellTable) {
    this.#old = old;
    this.#fresh = fresh;
    this.#width = Math.min(old.width, fresh.width);
    this.#anchor = anchorOf(old, fresh);
  }

  runs(): Run[] {
    const runs: Run[] = [];
    let [i, j, pairs] = [0, 0, 0];
    while (i < this.#old.count && j < this.#fresh.count) {
      const step = this.#isSame(i, j) ? this.#reconsidered(i, j) : this.#resume(i, j);
      if (step.dropped + step.added > 0) {
        runs.push({ pairs, ...step });
        pairs = 0;
        i += step.dropped;
        j += step.added;
        continue;
      }
      this.#paired(i++, j++);
      pairs++;
    }
    runs.push({ pairs, dropped: this.#old.count - i, added: this.#fresh.count - j });
    return runs;
  }

  #paired(i: number, j: number): void {
    let surprises = 0;
    for (let column = 0; column < this.#width; column++) {
      if (!this.#areNumbers(i, j, column)) continue;
      const [old, fresh] = [this.#old.value(i, column), this.#fresh.value(j, column)];
      const predictor = this.#memory.predictor(column);
      if (predictor.guess(old) !== fresh) surprises++;
      predictor.learn(old, fresh);
    }
    this.#strange += surprises * 2 < this.#width ? -Math.sign(this.#strange) : 1;
  }

  /** Rows that fit, unless those before them did so badly. */
  #reconsidered(i: number, j: number): Omit<Run, "pairs"> {
    if (this.#strange < proofRows) return { dropped: 0, added: 0 };
    this.#strange = -10 * proofRows;
    return this.#near(i, j) ?? { dropped: 0, added: 0 };
  }

  #isSame(i: number, j: number): boolean {
    const anchored = this.#anchored(i, j);
    if (anchored !== null) return anchored;
    for (let column = 0; column < this.#width; column++) {
      if (this.#old.kind(i, column) !== this.#fresh.kind(j, column)) return false;
      if (!this.#areNumbers(i, j, column)) continue;
      if (Math.abs(this.#error(i, j, column)) > nearby) return false;
    }
    return true;
  }

  /** Whether the texts that tell rows apart agree; `null` where there are none. */
  #anchored(i: number, j: number): boolean | null {
    const anchor = this.#anchor;
    if (anchor === null || this.#old.kind(i, anchor) !== cellKinds.raw) return null;
    if (this.#fresh.kind(j, anchor) !== cellKinds.raw) return null;
    return this.#old.value(i, anchor) === this.#fresh.value(j, anchor);
  }

  /** The nearest place from which both go on alike; the rows themselves when there is none. */
  #resume(i: number, j: number): Omit<Run, "pairs"> {
    const far = () => (this.#anchor === null ? this.#farByNumbers(i, j) : this.#farByText(i, j));
    return this.#near(i, j) ?? far() ?? { dropped: 0, added: 0 };
  }

  #near(i: number, j: number): Omit<Run, "pairs"> | null {
    for (let distance = 0; distance <= ringRows; distance++) {
      for (let dropped = 0; dropped <= distance; dropped++) {
        const added = distance - dropped;
        if (this.#goesOn(i + dropped, j + added)) return { dropped, added };
      }
    }
    return null;
  }

  #goesOn(i: number, j: number): boolean {
    const rows = Math.min(proofRows, this.#old.count - i, this.#fresh.count - j);
    const anchored = this.#anchored(i, j);
    if (rows < 1 || anchored === false) return false;
    let agreeing = anchored === true ? this.#width : 0;
    let asked = agreeing;
    for (let row = 1; row < rows; row++) {
      const alike = this.#alike(i + row, j + row);
      // A new name so soon: what agreed before it decides.
      if (alike === null) return row >= proofRows / 2 && agreeing >= asked * 0.7;
      asked += this.#width;
      agreeing += alike;
    }
    return agreeing >= asked * 0.7;
  }

  /** Cells of a row that moved as those above; `null` when it is another row. */
  #alike(i: number, j: number): number | null {
    const anchored = this.#anchored(i, j);
    if (anchored !== null) return anchored ? this.#width : null;
    if (!this.#movesOn(i, j, 0)) return null;
    let alike = 1;
    for (let column = 1; column < this.#width; column++) if (this.#movesOn(i, j, column)) alike++;
    return alike;
  }

  /** Whether a cell and the one above it moved alike. */
  #movesOn(i: number, j: number, column: number): boolean {
    const kind = this.#old.kind(i, column);
    if (kind !== this.#fresh.kind(j, column)) return false;
    if (kind === cellKinds.raw) return this.#old.value(i, column) === this.#fresh.value(j, column);
    if (kind !== cellKinds.int || !this.#areNumbers(i - 1, j - 1, column)) return true;
    return this.#error(i, j, column) === 0 || this.#moved(i, j, column) === this.#moved(i - 1, j - 1, column);
  }

  #farByNumbers(i: number, j: number): Omit<Run, "pairs"> | null {
    const furthest = Math.max(this.#old.count - i, this.#fresh.count - j);
    for (let far = ringRows + 1; far < furthest && this.#budget > 0; far++, this.#budget -= 2) {
      if (this.#goesOn(i, j + far)) return { dropped: 0, added: far };
      if (this.#goesOn(i + far, j)) return { dropped: far, added: 0 };
    }
    return null;
  }

  #farByText(i: number, j: number): Omit<Run, "pairs"> | null {
    const anchor = this.#anchor ?? 0;
    this.#places ??= new Map(Array.from({ length: this.#old.count }, (_, row) => [this.#old.value(row, anchor), row]));
    for (let row = j; row < this.#fresh.count && this.#budget > 0; row++, this.#budget--) {
      const place = this.#places.get(this.#fresh.value(row, anchor));
      if (place !== undefined && place >= i && this.#goesOn(place, row)) return { dropped: place - i, added: row - j };
    }
    return null;
  }

  #areNumbers(i: number, j: number, column: number): boolean {
    return this.#old.kind(i, column) === cellKinds.int && this.#fresh.kind(j, column) === cellKinds.int;
  }

  /** How far a number is from where its like moved to. */
  #error(i: number, j: number, column: number): number {
    return this.#fresh.value(j, column) - this.#memory.predictor(column).guess(this.#old.value(i, column));
  }

  #moved(i: number, j: number, column: number): number {
    return this.#fresh.value(j, column) - this.#old.value(i, column);
  }
}

/** The first column that holds text in most rows of both. */
function anchorOf(old: CellTable, fresh: CellTable): number | null {
  const columns = Array.from({ length: Math.min(old.width, fresh.width) }, (_, column) => column);
  return columns.find((column) => isMostlyText(old, column) && isMostlyText(fresh, column)) ?? null;
}

function isMostlyText(table: CellTable, column: number): boolean {
  let texts = 0;
  for (let row = 0; row < table.count; row++) if (table.kind(row, column) === cellKinds.raw) texts++;
  return texts * 2 > table.count;
}
