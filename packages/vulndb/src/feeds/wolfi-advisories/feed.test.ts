import { expect, it } from "vitest";
import { memoryFile } from "../../records/memory-file.ts";
import { itemsOf } from "../../testing/fuzz-feed.ts";
import { goldenFeed } from "../../testing/golden-feed.ts";
import { wolfiAdvisories } from "./feed.ts";

goldenFeed(wolfiAdvisories, import.meta.dirname);

it.each(["a\u0000b", "a/b", "a".repeat(201), "", "💥"])("a package called %j is none", async (name) => {
  const document = JSON.stringify({ package: { name }, advisories: [{ id: "CGA-2222-3333-4444" }] });
  const yaml = `# a document\n${document}\n`;
  expect(await itemsOf(wolfiAdvisories, memoryFile("a.advisories.yaml", yaml))).toMatchObject([
    { code: "feed-record-unreadable" },
  ]);
});
