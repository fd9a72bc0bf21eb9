import { describe, expect, it } from "vitest";
import { parseConfig, parseManifest } from "./documents.ts";
import { hasTwins, misspelled } from "./exact-names.ts";

describe("documents that container engines read in another way", () => {
  const digest = (letter: string) => `sha256:${letter.repeat(64)}`;
  const descriptor = (letter: string) => `{"mediaType":"a","digest":"${digest(letter)}","size":1}`;
  const manifest = (members: string) => Buffer.from(`{"schemaVersion":2,"config":${descriptor("c")},${members}}`);
  const config = (members: string) => Buffer.from(`{"os":"linux","rootfs":{"diff_ids":[]},${members}}`);

  it.each<[string, () => unknown]>([
    ["other layers", () => parseManifest(manifest(`"layers":[${descriptor("a")}],"Layers":[${descriptor("b")}]`), "x")],
    ["layers in other letters", () => parseManifest(manifest(`"LAYERS":[${descriptor("b")}]`), "x")],
    ["layers with a long s", () => parseManifest(manifest(`"layers":[],"layer\u017f":[${descriptor("b")}]`), "x")],
    ["layers twice", () => parseManifest(manifest(`"layers":[${descriptor("a")}],"layers":[${descriptor("b")}]`), "x")],
    [
      "layers twice, once escaped",
      () => parseManifest(manifest(`"layers":[],"\\u006cayers":[${descriptor("b")}]`), "x"),
    ],
    ["another configuration", () => parseManifest(manifest(`"layers":[],"Config":${descriptor("d")}`), "x")],
    ["another digest", () => parseManifest(manifest(`"layers":[{"Digest":"x",${descriptor("a").slice(1)}]`), "x")],
    [
      "another platform",
      () =>
        parseManifest(
          Buffer.from(`{"manifests":[{"platform":{"os":"linux","OS":"a"},${descriptor("a").slice(1)}]}`),
          "x",
        ),
    ],
    [
      "other diffIDs",
      () => parseConfig(Buffer.from(`{"os":"linux","rootfs":{"diff_ids":[],"Diff_IDs":["${digest("a")}"]}}`), "x"),
    ],
    ["another rootfs", () => parseConfig(config(`"RootFS":{"diff_ids":["${digest("a")}"]}`), "x")],
    ["another user", () => parseConfig(config(`"config":{"User":"nobody","user":"root"}`), "x")],
    ["another history", () => parseConfig(config(`"history":[{"created_by":"a","Created_By":"b"}]`), "x")],
  ])("%s: DOCUMENT_INVALID", (_, read) => {
    expect(read).toThrow(expect.objectContaining({ code: "DOCUMENT_INVALID" }));
  });

  it("lets pass what nobody takes for a name that is read", () => {
    const labels = `"config":{"Labels":{"version":"1","Version":"2"},"Volumes":{"/a":{},"/A":{}}},"Size":3`;
    expect(parseConfig(config(labels), "x").config.labels).toEqual({ Version: "2", version: "1" });
    expect(parseManifest(manifest(`"layers":[],"annotations":{"a":"1","A":"2"}`), "x").kind).toBe("manifest");
  });
});

it.each([
  ['{"a":1,"b":{"a":2},"c":[{"a":3},{"a":4}]}', false],
  ['{"a":"{\\"a\\":1,\\"a\\":2}","b":"a\\":"}', false],
  ['["a","a",{"a":"a"}]', false],
  ['{"b":{"a":1,"a" : 2}}', true],
  ['[{"x":[{"a":1},{}],"x":0}]', true],
  ['{"__proto__":1,"__proto__":2}', true],
])("twins in %s: %s", (json, expected) => {
  JSON.parse(json);
  expect(hasTwins(json)).toBe(expected);
});

it.each([
  ["many objects", `[${'{"a":"\\\\","b":1},'.repeat(200_000)}0]`],
  ["a text of 16 MB", `{"a":"${"x".repeat(16e6)}","b":1}`],
  ["a text of 8 million escapes", `{"a":"${'\\"'.repeat(8e6)}","b":1}`],
  ["a text of 16 million backslashes", `{"a":"${"\\".repeat(16e6)}","b":1}`],
  ["16 MB of blanks", `{"a":1,"b"${" ".repeat(16e6)}:1}`],
])("takes no time and no room over %s", (_, json) => {
  const start = process.cpuUsage();
  expect(hasTwins(json)).toBe(false);
  expect(process.cpuUsage(start).user / 1000).toBeLessThan(2_000);
});

it("knows the Kelvin sign", () => {
  expect(misspelled({ "\u212aey": 1 }, ["key"])).toBe("key");
  expect(misspelled({ key: 1, kez: 2 }, ["key"])).toBeNull();
});
