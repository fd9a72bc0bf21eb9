import { freeChunk } from "../stream/chunk-memory.ts";

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
const noBytes = Buffer.alloc(0);

/**
 * Puts a piece of a stream together across chunks; copies nothing when one chunk holds it whole. A room that is not needed
 * any more is given back at once: waiting for the garbage collector, tens of megabytes would count beside the next.
 */
export class Collector {
  #wanted: Wanted | null = null;
  #room: Buffer = noBytes;

  /** Whether a piece is still incomplete. */
  get isWaiting(): boolean {
    return this.#wanted !== null;
  }

  /** Asks for `goal` bytes, of which `start` are there already: a copy is taken, and they are not good any more. */
  want(goal: number, done: Collected, start: Buffer | null = null): void {
    if (goal === 0) return done(noBytes);
    // Counted before its room may go.
    const filled = start?.length ?? 0;
    const target = start === null ? null : this.#roomFor(goal, start);
    this.#wanted = { goal, done, target, filled };
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
    if (wanted === null) return noBytes;
    wanted.target ??= this.#roomFor(wanted.goal, noBytes);
    return wanted.target.subarray(wanted.filled);
  }

  /** The first `bytes` of {@link rest} are there. */
  filled(bytes: number): void {
    const wanted = this.#wanted;
    if (wanted === null) return;
    wanted.filled += bytes;
    if (wanted.filled < wanted.goal) return;
    this.#wanted = null;
    const { target } = wanted;
    if (target === null) return;
    wanted.done(target);
    if (target.length > keptBytes) freeChunk(target);
  }

  /** Room for a piece whose first bytes are `start`, which may lie in the room that it takes the place of. */
  #roomFor(goal: number, start: Buffer): Buffer {
    if (goal <= this.#room.length) return withStart(this.#room.subarray(0, goal), start);
    if (goal > keptBytes) return withStart(Buffer.allocUnsafeSlow(goal), start);
    const before = this.#room;
    this.#room = withStart(Buffer.allocUnsafeSlow(Math.min(keptBytes, Math.max(goal * 2, 2 ** 16))), start);
    freeChunk(before);
    return this.#room.subarray(0, goal);
  }
}

function withStart(room: Buffer, start: Buffer): Buffer {
  start.copy(room);
  return room;
}
