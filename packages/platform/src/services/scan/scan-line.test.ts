import { expect, it } from "vitest";
import { scanLine } from "./scan-line.ts";

it("who comes when the line is full is sent away, and told when to come again", async () => {
  const line = scanLine({ places: 2, most: 3 });
  const ends: (() => void)[] = [];
  const work = () => line.do(() => new Promise<void>((resolve) => ends.push(resolve)));
  const all = [work(), work(), work()];
  expect(line.length).toBe(3);
  await expect(work()).rejects.toMatchObject({ code: "OVERLOADED", fields: { seconds: 5 } });
  while (line.length > 0) {
    ends.shift()?.();
    await new Promise(setImmediate);
  }
  await Promise.all(all);
  const late = work();
  ends.shift()?.();
  await late;
});
