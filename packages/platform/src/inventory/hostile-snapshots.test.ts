import { runChild } from "@plimsoll/testkit";
import { describe, expect, it } from "vitest";
import { cleanLabels, cleanText } from "./clean-text.ts";

const program = new URL("../testing/hostile-snapshot.ts", import.meta.url).pathname;

describe("a snapshot of somebody who means harm", () => {
  it.each([
    ["a million containers", "SNAPSHOT_TOO_LARGE"],
    ["a bomb", "SNAPSHOT_UNREADABLE"],
    ["millions of empty objects", "SNAPSHOT_UNREADABLE"],
    ["brackets in brackets", "SNAPSHOT_UNREADABLE"],
    ["a truncated part", "SNAPSHOT_UNREADABLE"],
    ["no JSON", "SNAPSHOT_UNREADABLE"],
  ])(
    "%s is refused in bounded memory and time",
    async (name, code) => {
      const { stdout, peakRssBytes, wallMs } = await runChild({ program, args: [name], timeoutMs: 60_000 });
      expect(stdout.trim()).toBe(code);
      // The bomb itself takes 512 MiB to make.
      expect(peakRssBytes).toBeLessThan((name === "a bomb" ? 1000 : 600) * 2 ** 20);
      expect(wallMs).toBeLessThan(60_000);
    },
    90_000,
  );
});

describe("what collectors call things", () => {
  it.each([
    ["plain", "plain"],
    ["a\u0000b\u001b[31m\u202ec\ud800", "a\ufffdb\ufffd[31m\ufffdc\ufffd"],
  ])("%j is kept as %j", (text, kept) => {
    expect(cleanText(text, 100)).toBe(kept);
  });

  it("two long names that begin alike stay two", () => {
    const [one, two] = ["x".repeat(600), `${"x".repeat(599)}y`].map((text) => cleanText(text, 500));
    expect([one?.length, one === two]).toEqual([500, false]);
  });

  it("of too many labels those stay that say where it runs", () => {
    const many = Object.fromEntries(Array.from({ length: 5000 }, (_, n) => [`a.label.${n}`, "x"]));
    const { labels, isChanged } = cleanLabels({ ...many, "kubernetes.namespace.name": "shop" });
    expect([Object.keys(labels).length, labels["kubernetes.namespace.name"], isChanged]).toEqual([100, "shop", true]);
  });
});
