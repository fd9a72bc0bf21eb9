/** Gets the whole of a wanted piece; the bytes are good until it returns. */
export type Collected = (bytes: Buffer) => void;

interface Wanted {
  readonly goal: number;
  readonly done: Collected;
  target: Buffer | null;
  filled: number;
}

/** Rooms up to this size serve one piece after the other: memory that the system must first hand out costs more than its bytes. */
const keptBytes = 48 * 2 ** 20;

/** Puts a piece of a stream together across chunks; copies nothing when one chunk holds it whole. */
export class Collector {
  #wanted: Wanted | null = null;
  #room: Buffer = Buffer.alloc(0);

  /** Whether a piece is still incomplete. */
  get isWaiting(): boolean {
    return this.#wanted !== null;
  }

  /** Asks for `goal` bytes, of which `start` are there already. */
  want(goal: number, done: Collected, start: Buffer | null = null): void {
    if (goal === 0) return done(Buffer.alloc(0));
    const target = start === null ? null : this.#roomFor(goal);
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
      wanted.done(bytes.subarray(at, at + step));
      return at + step;
    }
    bytes.copy(this.rest(), 0, at, at + step);
    this.filled(step);
    return at + step;
  }

  /** Room for what is still missing of the piece; empty when none is wanted. Who fills it says so by {@link filled}. */
  rest(): Buffer {
    const wanted = this.#wanted;
    if (wanted === null) return Buffer.alloc(0);
    wanted.target ??= this.#roomFor(wanted.goal);
    return wanted.target.subarray(wanted.filled);
  }

  /** The first `bytes` of {@link rest} are there. */
  filled(bytes: number): void {
    const wanted = this.#wanted;
    if (wanted === null) return;
    wanted.filled += bytes;
    if (wanted.filled < wanted.goal) return;
    this.#wanted = null;
    wanted.done(wanted.target ?? this.rest());
  }

  #roomFor(goal: number): Buffer {
    if (goal > keptBytes) return Buffer.allocUnsafeSlow(goal);
    if (this.#room.length < goal) this.#room = Buffer.allocUnsafeSlow(Math.min(keptBytes, Math.max(goal * 2, 2 ** 16)));
    return this.#room.subarray(0, goal);
  }
}
