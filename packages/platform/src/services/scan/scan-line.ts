import { platformError } from "../../errors.ts";

/** Those who wait for one of a few places. */
export interface ScanLine {
  /** How many have a place or wait. */
  readonly length: number;
  /** Does `work` when there is a place. Throws OVERLOADED where too many wait, and what the work throws. */
  do<T>(work: () => Promise<T>): Promise<T>;
}

/** Seconds after which who was sent away may come again. */
const comeAgainSeconds = 5;

/** A line for `places` at once, with room for `most` in all; whoever waits holds nothing but its question. */
export function scanLine({ places, most }: { readonly places: number; readonly most: number }): ScanLine {
  const waiting: (() => void)[] = [];
  let working = 0;
  const place = (): Promise<void> | undefined => {
    if (working < places) {
      working++;
      return undefined;
    }
    return new Promise((resolve) => waiting.push(resolve));
  };
  const leave = (): void => {
    const next = waiting.shift();
    if (next === undefined) working--;
    else next();
  };
  return {
    get length() {
      return working + waiting.length;
    },
    async do(work) {
      if (working + waiting.length >= most)
        throw platformError("OVERLOADED", { fields: { seconds: comeAgainSeconds } });
      await place();
      try {
        return await work();
      } finally {
        leave();
      }
    },
  };
}
