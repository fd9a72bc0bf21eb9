/** Gets the whole of a wanted piece; `borrowed`: the bytes are a view of a chunk and change with it. */
export type Collected = (bytes: Buffer, borrowed: boolean) => void;

interface Wanted {
  readonly goal: number;
  readonly done: Collected;
  target: Buffer | null;
  filled: number;
}

/** Puts a piece of a stream together across chunks; copies nothing when one chunk holds it whole. */
export class Collector {
  #wanted: Wanted | null = null;

  /** Whether a piece is still incomplete. */
  get isWaiting(): boolean {
    return this.#wanted !== null;
  }

  /** Asks for `goal` bytes, of which `start` are there already. */
  want(goal: number, done: Collected, start: Buffer | null = null): void {
    if (goal === 0) return done(Buffer.alloc(0), false);
    const target = start === null ? null : Buffer.allocUnsafeSlow(goal);
    if (target !== null) start?.copy(target);
    this.#wanted = { goal, done, target, filled: start?.length ?? 0 };
  }

  /** Takes what is wanted of `bytes` from `at` on, and says where it stopped. */
  take(bytes: Buffer, at: number): number {
    const wanted = this.#wanted;
    if (wanted === null) return at;
    const step = Math.min(wanted.goal - wanted.filled, bytes.length - at);
    if (wanted.filled === 0 && step === wanted.goal) {
      this.#wanted = null;
      wanted.done(bytes.subarray(at, at + step), true);
      return at + step;
    }
    wanted.target ??= Buffer.allocUnsafeSlow(wanted.goal);
    bytes.copy(wanted.target, wanted.filled, at, at + step);
    wanted.filled += step;
    if (wanted.filled === wanted.goal) {
      this.#wanted = null;
      wanted.done(wanted.target, false);
    }
    return at + step;
  }
}
