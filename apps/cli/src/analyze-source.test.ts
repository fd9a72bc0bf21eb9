import { expect, test } from "vitest";
import { analyzeOptions } from "./analyze-source.ts";
import { testWorld } from "./testing/test-world.ts";
import { openTools } from "./tools.ts";

const state = (megabytes: number) => ({
  layersDone: 0,
  layersTotal: 3,
  bytes: megabytes * 2 ** 20,
  bytesTotal: 100 * 2 ** 20,
});

test.each([
  ["a small source never", [1, 8, 31], 0],
  ["a large one once", [1, 31, 32, 33, 100], 1],
])("says that much is read: %s", (_, megabytes, times) => {
  const { world, told } = testWorld();
  using tools = openTools({ progress: true, cache: false, loglevel: "info" }, world);
  const { onProgress } = analyzeOptions("pull://image", tools);
  for (const read of megabytes) onProgress?.(state(read));
  expect(told.readsMuch).toBe(times);
});
