import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { memoryFile } from "../../records/memory-file.ts";
import { itemsOf } from "../../testing/fuzz-feed.ts";
import { goldenFeed } from "../../testing/golden-feed.ts";
import { photonOval } from "./feed.ts";

goldenFeed(photonOval, import.meta.dirname);

it("names an advisory after the release of Photon that it is for, whatever stands before that", async () => {
  const path = join(import.meta.dirname, "testdata", "com.vmware.phsa-photon5.xml");
  const strange = `<platform>Other ${"9".repeat(300)}</platform><platform>Photon 5</platform>`;
  const text = readFileSync(path, "utf8");
  const changed = text.replaceAll("<platform>Photon 5</platform>", strange);
  expect(changed).not.toBe(text);
  expect(await itemsOf(photonOval, memoryFile(path, changed))).toEqual(
    await itemsOf(photonOval, memoryFile(path, text)),
  );
});
