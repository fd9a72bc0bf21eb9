import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { golden } from "@plimsoll/testkit";
import { describe, expect, it } from "vitest";
import type { Feed } from "../feed.ts";
import { feeds } from "../feeds.ts";
import { memoryFile } from "../records/memory-file.ts";
import { fuzzFeed, itemsOf } from "./fuzz-feed.ts";

/**
 * Declares what every advisory feed is held to: each document in its `testdata` is known by its content as this feed's
 * and no other's, says what `NAME.golden.json` beside it holds, says the same in small pieces, and survives damage.
 */
export function goldenFeed(feed: Feed, folder: string): void {
  const testdata = join(folder, "testdata");
  const names = readdirSync(testdata).filter((name) => name !== "README.md" && !name.endsWith(".golden.json"));
  const documents = names.map((name) => ({ name, content: readFileSync(join(testdata, name), "utf8") }));
  describe(`the feed ${feed.id}`, () => {
    it.each(documents)("alone knows $name by its content", ({ content }) => {
      const sample = { path: "any", head: content };
      expect(feeds.filter((other) => other.recognises(sample)).map(({ id }) => id)).toEqual([feed.id]);
    });

    it.each(documents)("reads $name", async ({ name, content }) => {
      const items = await itemsOf(feed, memoryFile(name, content));
      golden(join(testdata, `${name}.golden.json`), `${JSON.stringify(items, null, 2)}\n`);
      expect(await itemsOf(feed, memoryFile(name, content, 7))).toEqual(items);
    });

    for (const { name, content } of documents) describe(name, () => fuzzFeed(feed, [content], name));
  });
}
