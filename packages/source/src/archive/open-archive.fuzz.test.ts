import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defaultLimits, PlimsollError } from "@plimsoll/kit";
import { dockerArchiveOf, gzipOf, imageOf, ociArchiveOf } from "@plimsoll/testkit";
import fc from "fast-check";
import { afterAll, expect, it } from "vitest";
import { type Recorder, recorder } from "../testing/recorder.ts";
import { openArchive } from "./open-archive.ts";

const folder = mkdtempSync(join(tmpdir(), "plimsoll-fuzz-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const path = join(folder, "image.tar");

const image = imageOf([[{ path: "a", body: "b" }], [{ path: "c", body: "d".repeat(700) }]]);
const seeds = [dockerArchiveOf([{ ...image, tags: ["a:1"] }]), ociArchiveOf([{ ...image, tag: "1" }])];

it("mutated archives end in an image or a PlimsollError, at their place or as a stream", async () => {
  const edit = fc.tuple(fc.nat(30_000), fc.oneof(fc.nat(255), fc.constantFrom(0x22, 0x5b, 0x7b, 0x30)));
  const shape = fc.record({
    seed: fc.constantFrom(...seeds),
    edits: fc.array(edit, { maxLength: 6 }),
    cut: fc.option(fc.nat(30_000), { freq: 5 }),
    gzip: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(shape, async ({ seed, edits, cut, gzip }) => {
      const bytes = Buffer.from(cut === null ? seed : seed.subarray(0, cut));
      for (const [at, byte] of edits) if (bytes.length > 0) bytes[at % bytes.length] = byte;
      writeFileSync(path, gzip ? gzipOf(bytes, 1) : bytes);
      const error = await readImage().catch((thrown: unknown) => thrown);
      if (error !== null) expect(error).toBeInstanceOf(PlimsollError);
    }),
    { numRuns: 400 },
  );
}, 60_000);

async function readImage(): Promise<null> {
  const wish = { platform: { os: "linux", architecture: "amd64" }, isExplicit: false };
  await using opened = await openArchive(path, { kind: "any", wish, limits: defaultLimits });
  const visitors: Recorder[] = [];
  const { image: read } = await opened.readLayers(() => {
    const visitor = recorder();
    visitors.push(visitor);
    return visitor;
  });
  // Whatever was changed: each layer of the image was read to its end and is what the configuration names.
  const ended = new Set(visitors.flatMap((visitor) => visitor.ends.map((end) => end.diffId)));
  for (const layer of read.layers) if (layer.diffId !== null) expect(ended).toContain(layer.diffId);
  return null;
}
