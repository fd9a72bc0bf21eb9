import { defaultLimits } from "@plimsoll/kit";
import type { DiffId } from "@plimsoll/model";
import { dockerArchiveOf, gzipOf, imageOf, ociArchiveOf } from "@plimsoll/testkit";
import { describe, expect, it } from "vitest";
import type { OpenedImage } from "../entry.ts";
import { file, readArchive } from "../testing/read-archive.ts";
import { recorder } from "../testing/recorder.ts";
import { openArchive } from "./open-archive.ts";

// Large enough for threads to take the digests, and to be jumped over.
const big = { path: "big", body: Buffer.alloc(97 << 20) };
const image = imageOf([[{ path: "etc/os-release", body: "ID=alpine\n" }, big], [{ path: "app/main", body: "hello" }]], {
  compression: "none",
});
const diffIds = image.layers.map((layer) => layer.diffId as string as DiffId);
const docker = dockerArchiveOf([{ ...image, tags: ["a:1"] }]);
const whole = file(docker);

function open(path: string): Promise<OpenedImage> {
  const wish = { platform: { os: "linux", architecture: "amd64" }, isExplicit: false };
  return openArchive(path, { kind: "any", wish, limits: defaultLimits });
}

/** Wants small bodies only. */
function start() {
  const visitor = recorder();
  return {
    ...visitor,
    entry: (entry: Parameters<typeof visitor.entry>[0]) => (entry.path === "big" ? "ignore" : visitor.entry(entry)),
  };
}

describe("a large archive", () => {
  it.each([
    ["a docker archive", docker],
    ["an OCI archive", ociArchiveOf([{ ...image, tag: "1" }])],
  ])("gives the same as the stream of it: %s", async (_, bytes) => {
    const [walked, streamed] = [await readArchive(file(bytes)), await readArchive(file(gzipOf(bytes, 1)))];
    expect(walked.read.image).toEqual(streamed.read.image);
    for (const diffId of diffIds) {
      expect(walked.layers.get(diffId)?.entries).toEqual(streamed.layers.get(diffId)?.entries);
      for (const [path, body] of streamed.layers.get(diffId)?.bodies ?? []) {
        expect(walked.layers.get(diffId)?.bodies.get(path)?.equals(body), path).toBe(true);
      }
      expect(walked.layers.get(diffId)?.ends[0]?.size).toBe(streamed.layers.get(diffId)?.ends[0]?.size);
    }
  });

  it("is verified once its digests were taken, once for several passes", async () => {
    await using opened = await open(whole);
    const first = await opened.readLayers(start);
    const second = await opened.readLayers(start);
    await Promise.all([first.verified, second.verified]);
    expect(first.image.layers.map(({ diffId }) => diffId)).toEqual(diffIds);
  });

  it("is not verified when a byte that nobody read is another", async () => {
    const bytes = Buffer.from(docker);
    bytes[bytes.indexOf("ID=alpine") + (50 << 20)] = 1;
    await using opened = await open(file(bytes));
    const { verified } = await opened.readLayers(start);
    await expect(verified).rejects.toMatchObject({
      code: "DIFF_ID_MISMATCH",
      message: expect.stringContaining("layer 1"),
    });
  });

  it("is not verified when an OCI blob is another than its name promises", async () => {
    const bytes = Buffer.from(ociArchiveOf([{ ...image, tag: "1" }]));
    bytes[bytes.indexOf("ID=alpine") + (50 << 20)] = 1;
    await using opened = await open(file(bytes));
    await expect((await opened.readLayers(start)).verified).rejects.toMatchObject({ code: "DIGEST_MISMATCH" });
  });

  it("ends with a layer that stops within a body", async () => {
    const bytes = Buffer.from(docker);
    const size = bytes.indexOf("big\0") + 124;
    bytes.write("77777777777", size, "latin1"); // 8 GiB
    fixChecksum(bytes, size - 124);
    await using opened = await open(file(bytes));
    await expect(opened.readLayers(start)).rejects.toMatchObject({ code: "TAR_TRUNCATED" });
  });

  it("can be stopped, or closed, before its digests were taken", async () => {
    const stop = new AbortController();
    await using stopped = await open(whole);
    const { verified } = await stopped.readLayers(start, { signal: stop.signal });
    stop.abort(new Error("enough"));
    await expect(verified).rejects.toThrow("enough");
    const closed = await open(whole);
    await closed.readLayers(start);
    await closed[Symbol.asyncDispose]();
  });
});

function fixChecksum(bytes: Buffer, at: number): void {
  bytes.fill(" ", at + 148, at + 156);
  const sum = bytes.subarray(at, at + 512).reduce((total, byte) => total + byte, 0);
  bytes.write(`${sum.toString(8).padStart(6, "0")}\0 `, at + 148, "latin1");
}
