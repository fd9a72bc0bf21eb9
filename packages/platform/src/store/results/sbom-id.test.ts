import { describe, expect, it } from "vitest";
import { sbomHashes, sbomIdIn, sbomIdOf } from "./sbom-id.ts";

const hash = Buffer.from("0123456789abcdef".repeat(4), "hex");

describe("names of SBOMs", () => {
  it("are UUIDs of version 8 that lead back to their hash", () => {
    const id = sbomIdOf(hash);
    expect(id).toBe("01234567-89ab-8def-8123-456789abcdef");
    const { first, last } = sbomHashes(id);
    expect([first.length, last.length]).toEqual([32, 32]);
    expect(Buffer.compare(first, hash)).toBeLessThanOrEqual(0);
    expect(Buffer.compare(hash, last)).toBeLessThanOrEqual(0);
  });

  it.each([
    ["01234567-89ab-8def-8123-456789abcdef", true],
    ["urn:uuid:01234567-89AB-8DEF-8123-456789ABCDEF", true],
    ["01234567-89ab-8def-8123-456789abcde", false],
    ["01234567-89ab-8def-8123-456789abcdef' or 1=1", false],
    ["", false],
  ])("%j is one: %s", (text, isOne) => {
    expect(sbomIdIn(text) !== null).toBe(isOne);
  });
});
