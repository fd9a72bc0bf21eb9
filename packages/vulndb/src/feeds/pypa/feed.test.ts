import { expect, it } from "vitest";
import { memoryFile } from "../../records/memory-file.ts";
import { itemsOf } from "../../testing/fuzz-feed.ts";
import { goldenFeed } from "../../testing/golden-feed.ts";
import { pypa } from "./feed.ts";

goldenFeed(pypa, import.meta.dirname);

it("takes no time over ranges that never come", async () => {
  const text = `id: PYSEC-2024-1\n${"  ranges:\n".repeat(90_000)}`;
  const start = process.cpuUsage();
  expect(await itemsOf(pypa, memoryFile("x.yaml", text))).toMatchObject([{ code: "feed-record-unreadable" }]);
  expect(process.cpuUsage(start).user / 1000).toBeLessThan(3_000);
});
