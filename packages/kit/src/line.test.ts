import { setImmediate } from "node:timers/promises";
import { expect, it } from "vitest";
import { Line } from "./line.ts";

it("a few are at work, the others wait in turn, and failures leave their place", async () => {
  const line = new Line(2);
  const ends: (() => void)[] = [];
  const begun: number[] = [];
  const work = (n: number) =>
    line.do(async () => {
      begun.push(n);
      await new Promise<void>((resolve) => ends.push(resolve));
      if (n === 0) throw new Error("broken");
      return n;
    });
  const all = [0, 1, 2, 3, 4].map((n) => work(n).catch((error: Error) => error.message));
  expect([begun, line.length]).toEqual([[0, 1], 5]);
  for (let left = 5; left > 0; left--) {
    ends.shift()?.();
    await setImmediate();
  }
  expect(await Promise.all(all)).toEqual(["broken", 1, 2, 3, 4]);
  expect([begun, line.length]).toEqual([[0, 1, 2, 3, 4], 0]);
});
