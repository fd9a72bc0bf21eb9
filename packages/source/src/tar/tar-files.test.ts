import { defaultLimits } from "@plimsoll/kit";
import { tarOf, tarOfFiles, truncated } from "@plimsoll/testkit";
import { describe, expect, it } from "vitest";
import { type TarFile, tarFiles } from "./tar-files.ts";

async function* pieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function all(files: AsyncIterable<TarFile>): Promise<[string, string][]> {
  const seen: [string, string][] = [];
  for await (const file of files) seen.push([file.path, Buffer.from(file.bytes()).toString()]);
  return seen;
}

describe("tarFiles", () => {
  it.each([1, 600, 100_000])("yields files in order, chunks of %i bytes", async (size) => {
    const tar = tarOf([
      { path: "feed/", type: "directory" },
      { path: "./feed/b.json", body: "{}" },
      { path: "feed/a.json", body: "[]" },
    ]);
    expect(await all(tarFiles(pieces(tar, size)))).toEqual([
      ["feed/b.json", "{}"],
      ["feed/a.json", "[]"],
    ]);
  });

  it("leaves nothing out silently", async () => {
    const tar = tarOfFiles({ "a.json": "0123456789" });
    const limits = { ...defaultLimits, fileBytes: 9 };
    await expect(all(tarFiles(pieces(tar, 512), limits))).rejects.toMatchObject({ code: "TAR_UNREADABLE_ENTRY" });
    await expect(all(tarFiles(pieces(truncated(tar, 600), 512)))).rejects.toMatchObject({ code: "TAR_TRUNCATED" });
    await expect(all(tarFiles(pieces(tarOfFiles({ "../a": "x" }), 512)))).rejects.toMatchObject({
      code: "TAR_UNREADABLE_ENTRY",
    });
  });
});
