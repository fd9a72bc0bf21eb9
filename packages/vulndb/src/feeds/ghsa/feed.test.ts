import { describe, expect, it } from "vitest";
import { memoryFile } from "../../records/memory-file.ts";
import { itemsOf } from "../../testing/fuzz-feed.ts";
import { goldenFeed } from "../../testing/golden-feed.ts";
import { ghsa } from "./feed.ts";

goldenFeed(ghsa, import.meta.dirname);

describe("an advisory without the field `withdrawn`", () => {
  const withdrawnOf = async (words: { summary?: string; details?: string; withdrawn?: string }) => {
    const affected = [
      { package: { ecosystem: "npm", name: "x" }, ranges: [{ type: "SEMVER", events: [{ introduced: "0" }] }] },
    ];
    const document = { id: "GHSA-aaaa-bbbb-cccc", modified: "2024-03-02T00:00:00Z", affected, ...words };
    const [item] = await itemsOf(ghsa, memoryFile("a.json", JSON.stringify(document)));
    return item !== undefined && "withdrawn" in item ? item.withdrawn : undefined;
  };

  it.each([
    { summary: "Withdrawn Advisory: flaw in x" },
    { summary: "Duplicate Advisory: flaw in x" },
    { details: "**Withdrawn:** Duplicate of GHSA-bbbb-cccc-dddd" },
    { details: "## Withdrawn\nNo flaw." },
    { details: "A note.\nThis advisory has been withdrawn because nothing was wrong." },
  ])("is withdrawn when its words say so: %o", async (words) => {
    expect(await withdrawnOf(words)).toBe("2024-03-02T00:00:00Z");
  });

  it.each([
    { summary: "Metadata of withdrawn items is exposed", details: "### Impact\nItems that were withdrawn are shown." },
    { details: "The vendor has withdrawn these releases." },
    { details: `${"Long text. ".repeat(40)}This advisory has been withdrawn` },
  ])("stands when they speak of something else: %o", async (words) => {
    expect(await withdrawnOf(words)).toBeUndefined();
  });

  it("keeps the field's own day where there is one", async () => {
    const words = { summary: "Withdrawn: flaw in x", withdrawn: "2024-01-02T00:00:00Z" };
    expect(await withdrawnOf(words)).toBe("2024-01-02T00:00:00Z");
  });
});
