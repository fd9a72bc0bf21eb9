import { createHash } from "node:crypto";
import type { DiffId, Digest } from "@plimsoll/model";
import { corrupted, gzipOf, sha256Of, tarOfFiles, truncated, zstdOf } from "@plimsoll/testkit";
import { afterAll, describe, expect, it } from "vitest";
import { StreamDigests } from "../digest/stream-digests.ts";
import { recorder } from "../testing/recorder.ts";
import { type LayerExpectation, readLayer } from "./read-layer.ts";

const tar = tarOfFiles({ a: "hello", b: "x".repeat(5000) });
const diffId = sha256Of(tar) as string as DiffId;
const gzip = gzipOf(tar);

async function* one(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

function expectation(bytes: Uint8Array, lies: Partial<LayerExpectation> = {}): LayerExpectation {
  return { label: "layer 1", diffId, digest: sha256Of(bytes) as string as Digest, size: bytes.length, ...lies };
}

/** More than comes out of a decompressor at once. */
const largeTar = tarOfFiles({
  a: "hello",
  b: createHash("shake256", { outputLength: 3_500_000 }).update("b").digest(),
});

describe.each([
  ["here", false],
  ["in a thread of their own", true],
])("readLayer, digests taken %s", (_, isBeside) => {
  const digests = isBeside ? new StreamDigests() : undefined;
  afterAll(() => digests?.[Symbol.dispose]());

  it.each([
    ["gzip", gzipOf(tar), tar],
    ["large gzip", gzipOf(largeTar), largeTar],
    ["zstd", zstdOf(tar), tar],
    ["large zstd", zstdOf(largeTar), largeTar],
    ["plain", tar, tar],
  ])("verifies both digests of a %s layer in one pass", async (_, bytes, tar) => {
    const diffId = sha256Of(tar) as string as DiffId;
    const visitor = recorder();
    let travelled = 0;
    const read = await readLayer(one(bytes), visitor, {
      digests,
      expected: expectation(bytes, { diffId }),
      onBytes: (count) => {
        travelled += count;
      },
    });
    expect(read).toEqual({ diffId, digest: sha256Of(bytes), size: tar.length });
    expect(visitor.ends).toEqual([read]);
    expect(visitor.bodies.get("a")?.toString()).toBe("hello");
    expect(travelled).toBe(bytes.length);
  });

  const other = `sha256:${"0".repeat(64)}`;
  it.each<[string, Buffer, { lies?: Partial<LayerExpectation>; code: string }]>([
    ["blob digest mismatch", gzip, { lies: { digest: other as Digest }, code: "DIGEST_MISMATCH" }],
    ["plain blob digest mismatch", tar, { lies: { digest: other as Digest }, code: "DIGEST_MISMATCH" }],
    ["diffID mismatch", gzip, { lies: { diffId: other as DiffId }, code: "DIFF_ID_MISMATCH" }],
    ["lying size: too small", gzip, { lies: { size: gzip.length - 1 }, code: "SIZE_MISMATCH" }],
    ["lying size: too large", gzip, { lies: { size: gzip.length + 1 }, code: "SIZE_MISMATCH" }],
    ["truncated tar", truncated(tar, 700), { code: "TAR_TRUNCATED" }],
    ["truncated gzip", truncated(gzip, 50), { code: "COMPRESSION_TRUNCATED" }],
    ["corrupt tar", corrupted(tar, 10), { code: "TAR_CORRUPT" }],
  ])("%s is an error and the layer never ends", async (_, bytes, { lies, code }) => {
    const visitor = recorder();
    const read = readLayer(one(bytes), visitor, { digests, expected: expectation(bytes, lies) });
    await expect(read).rejects.toMatchObject({ code, message: expect.stringContaining("layer 1") });
    expect(visitor.ends).toEqual([]);
  });
});

describe("readLayer", () => {
  it("does not invent a blob digest for a plain layer without one", async () => {
    const read = await readLayer(one(tar), recorder(), { expected: expectation(tar, { digest: null, size: null }) });
    expect(read.digest).toBeNull();
  });

  it("stops an endless body at the promised size", async () => {
    let sent = 0;
    async function* endless(): AsyncGenerator<Uint8Array> {
      for (;;) {
        sent += 1024;
        yield Buffer.alloc(1024);
      }
    }
    const expected = expectation(gzip, { size: 10_000 });
    await expect(readLayer(endless(), recorder(), { expected })).rejects.toMatchObject({ code: "SIZE_MISMATCH" });
    expect(sent).toBeLessThan(20_000);
  });

  it("can be aborted", async () => {
    const controller = new AbortController();
    async function* slow(): AsyncGenerator<Uint8Array> {
      yield gzip.subarray(0, 50);
      controller.abort(new Error("enough"));
      yield gzip.subarray(50);
    }
    const options = { expected: expectation(gzip), signal: controller.signal };
    await expect(readLayer(slow(), recorder(), options)).rejects.toThrow("enough");
  });
});
