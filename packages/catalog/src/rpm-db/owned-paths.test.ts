import { defaultLimits } from "@plimsoll/kit";
import { describe, expect, it } from "vitest";
import { damageLog } from "./damage.ts";
import { parseHeader } from "./header/parse-header.ts";
import { ownedPaths } from "./owned-paths.ts";
import { type FakeTag, headerBlob, plainBlob } from "./testing/header-blob.ts";

function owned(blob: Uint8Array, left = 1_000_000) {
  const damage = damageLog();
  const header = parseHeader(blob, damage);
  const budget = { left };
  const limits = { ...defaultLimits, pathLength: 40 };
  const paths = header === null ? null : ownedPaths(header, { budget, damage, limits });
  return { paths, budget, problems: damage.problems() };
}

describe("ownedPaths", () => {
  it("joins folders and names", () => {
    const { paths, problems } = owned(headerBlob({ files: ["/usr/bin/bash", "/usr/bin", "/bin/sh", "/"] }));
    expect(paths).toEqual(["usr/bin/bash", "usr/bin", "bin/sh"]);
    expect(problems).toEqual([]);
  });

  it.each([
    [0, "normal", true],
    [1, "replaced by another package", false],
    [2, "left out (documentation)", false],
    [3, "on a shared network file system", true],
    [4, "of the wrong colour", false],
    [255, "missing", false],
  ])("state %i, %s: %s", (state, _, isOwned) => {
    expect(owned(headerBlob({ files: [["/a", state], "/b"] })).paths).toEqual(isOwned ? ["a", "b"] : ["b"]);
  });

  it("reads whole paths of rpm 3", () => {
    expect(owned(plainBlob([{ tag: 1027, texts: ["/etc/motd"] }])).paths).toEqual(["etc/motd"]);
  });

  it("leaves out paths longer than the limit", () => {
    expect(owned(headerBlob({ files: [`/${"x".repeat(41)}`, `/${"x".repeat(40)}`] })).paths).toEqual(["x".repeat(40)]);
  });

  it.each<[string, readonly FakeTag[]]>([
    ["no folders", [{ tag: 1117, texts: ["a", "b"] }]],
    [
      "folders that are not there",
      [
        { tag: 1117, texts: ["a", "b"] },
        { tag: 1118, texts: ["/x/"] },
        { tag: 1116, numbers: [0, 9], width: 4 },
      ],
    ],
  ])("notes files with %s", (_, tags) => {
    const { paths, problems } = owned(plainBlob(tags));
    expect(paths?.length).toBe(tags.length === 1 ? 0 : 1);
    expect(problems[0]?.message).toMatch(/files without folder/);
  });

  it("stops at its budget: one folder name can stand for gigabytes", () => {
    const tags: FakeTag[] = [
      { tag: 1117, texts: Array.from({ length: 1000 }, () => "") },
      { tag: 1118, texts: [`/${"d".repeat(38)}/`] },
      { tag: 1116, numbers: Array.from({ length: 1000 }, () => 0), width: 4 },
    ];
    const cost = 1000 * (39 + 32);
    expect(owned(plainBlob(tags), cost).paths).toHaveLength(1000);
    expect(owned(plainBlob(tags), cost - 1).paths).toBeNull();
  });
});
