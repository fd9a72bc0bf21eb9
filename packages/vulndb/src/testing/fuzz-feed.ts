import fc from "fast-check";
import { expect, it } from "vitest";
import type { Feed, FeedFile } from "../feed.ts";
import { memoryFile } from "../records/memory-file.ts";
import type { FeedItem } from "../records/read-each.ts";

/** Everything a feed says about a document. */
export async function itemsOf(feed: Feed, file: FeedFile): Promise<FeedItem[]> {
  const items: FeedItem[] = [];
  for await (const item of feed.parse(file)) items.push(item);
  return items;
}

/** Declares a feed's fuzz target: spoilt copies of real documents give facts and Problems, never an exception or a flood. */
export function fuzzFeed(feed: Feed, samples: readonly string[], path = "CVE-2024-0001.json"): void {
  const spoilt = fc
    .tuple(fc.constantFrom(...samples), fc.array(damage, { minLength: 1, maxLength: 6 }))
    .map(([sample, hits]) => hits.reduce<Buffer>(applyDamage, Buffer.from(sample)));
  it("survives spoilt documents", { timeout: 30_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(spoilt, fc.integer({ min: 1, max: 4096 }), async (bytes, chunkBytes) => {
        const items = await itemsOf(feed, memoryFile(path, bytes, chunkBytes));
        for (const item of items) expectItem(feed, item);
        expect(items.filter((item) => !("kind" in item)).length).toBeLessThanOrEqual(51);
        feed.recognises({ path: "x", head: bytes.toString("utf8") });
      }),
      { numRuns: 150 },
    );
  });
}

function expectItem(feed: Feed, item: FeedItem): void {
  if (!("kind" in item))
    expect(item).toMatchObject({ level: expect.stringMatching(/^(note|warning)$/), feed: feed.id });
  else if (item.kind === "dated") expect(Date.parse(item.date)).not.toBeNaN();
  else if (item.kind === "advisory" && !item.id.startsWith("CVE-")) expect(item.id).toMatch(/^[A-Za-z][\x20-\x7e]*$/u);
  else expect("vulnerability" in item ? item.vulnerability : item.id).toMatch(/^CVE-\d{4}-\d{4,19}$/);
}

type Damage = { readonly at: number; readonly length: number; readonly insert: Uint8Array };

const nasty = [
  "",
  '"',
  "{",
  "}",
  "[[[[",
  "null",
  "-1",
  "1e999",
  "\u0000",
  '\\u0000"',
  "9".repeat(50),
  "\n",
  ",",
  "\ufeff",
  '"__proto__":',
];
const damage: fc.Arbitrary<Damage> = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  length: fc.integer({ min: 0, max: 40 }),
  insert: fc.oneof(
    fc.uint8Array({ maxLength: 8 }),
    fc.constantFrom(...nasty).map((text): Uint8Array => Buffer.from(text)),
  ),
});

function applyDamage(bytes: Buffer, { at, length, insert }: Damage): Buffer {
  const from = Math.floor(at * bytes.length);
  return Buffer.concat([bytes.subarray(0, from), insert, bytes.subarray(from + length)]);
}
