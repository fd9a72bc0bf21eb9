import { expect, it } from "vitest";
import { memoryFile } from "../../records/memory-file.ts";
import { itemsOf } from "../../testing/fuzz-feed.ts";
import { goldenFeed } from "../../testing/golden-feed.ts";
import { rustsec } from "./feed.ts";

goldenFeed(rustsec, import.meta.dirname);

it("an id without an end is none, as an alias too", async () => {
  const advisory = (id: string, alias: string): string =>
    `\`\`\`toml\n[advisory]\nid = "${id}"\npackage = "a"\naliases = ["${alias}"]\n[versions]\npatched = [">= 1.0.0"]\n\`\`\`\n`;
  const read = (text: string) => itemsOf(rustsec, memoryFile("crates/a/x.md", text));
  const long = `RUSTSEC-${"9".repeat(300)}`;
  expect(await read(advisory(long, "CVE-2024-0001"))).toMatchObject([{ code: "feed-record-unreadable" }]);
  expect(await read(advisory("RUSTSEC-2024-0001", long))).toMatchObject([{ aliases: [] }]);
});

const blanks = `${" ".repeat(90_000)}x`;
it.each([
  [
    "a requirement of blanks",
    `\`\`\`toml\n[advisory]\nid = "RUSTSEC-2024-0001"\npackage = "a"\n[versions]\npatched = ["${blanks}"]\n\`\`\`\n`,
  ],
  ["blank lines in front", `\`\`\`toml\n${"\n".repeat(100_000)}`],
])("takes no time over %s", async (_, text) => {
  const start = process.cpuUsage();
  await itemsOf(rustsec, memoryFile("crates/a/x.md", text));
  expect(process.cpuUsage(start).user / 1000).toBeLessThan(1_500);
});
