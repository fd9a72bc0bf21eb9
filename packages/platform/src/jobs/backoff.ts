import type { Retry } from "./job.ts";

/**
 * Milliseconds to wait after the `attempt`th attempt (1 for the first) has failed: twice as long each time, and between
 * half and all of that, so that what failed together does not come back together. `chance` is in [0, 1).
 */
export function backoffMs({ firstMs, mostMs }: Retry, attempt: number, chance: number): number {
  const whole = Math.min(mostMs, firstMs * 2 ** Math.min(attempt - 1, 40));
  return Math.round((whole * (1 + chance)) / 2);
}

/** A number in [0, 1) from random bytes. */
export function chanceOf(random: (bytes: number) => Uint8Array): number {
  return Buffer.from(random(4)).readUInt32BE() / 2 ** 32;
}
