import { readFileSync } from "node:fs";
import { join } from "node:path";
import { zstdDecompressSync } from "node:zlib";
import { reportV1 } from "@plimsoll/contract";
import {
  descriptorOf,
  imageOf,
  jsonBlob,
  repositoryRoot,
  sha256Of,
  startTestRegistry,
  type TestRegistry,
} from "@plimsoll/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Harbour, openHarbour } from "../testing/harbour.ts";

const folder = join(repositoryRoot, "packages", "source", "src", "chunked", "testdata");
const blob = readFileSync(join(folder, "zstd-chunked.tar.zst"));
const annotations = {
  "io.containers.zstd-chunked.manifest-checksum":
    "sha256:6c38407e0317a32e6dfcbb345d49cb055e37c9a726bab5fb7c91e1cbc41ec796",
  "io.containers.zstd-chunked.manifest-position": "15997:822:4294:1",
};

let harbour: Harbour;
let registry: TestRegistry;
let reference = "";
beforeAll(async () => {
  harbour = await openHarbour();
  registry = await startTestRegistry();
  const tar = tarOfFrames(blob);
  const image = imageOf([tar]);
  const mediaType = "application/vnd.oci.image.layer.v1.tar+zstd";
  const layer = { tar, diffId: sha256Of(tar), bytes: blob, digest: sha256Of(blob), mediaType };
  const manifest = {
    schemaVersion: 2,
    mediaType: image.manifest.mediaType,
    config: descriptorOf(image.config),
    layers: [{ ...descriptorOf(layer), annotations }],
  };
  const chunked = { ...image, layers: [layer], manifest: jsonBlob(manifest, image.manifest.mediaType) };
  reference = `pull://${registry.push("shop/web", "1", chunked)}`;
});
afterAll(async () => {
  harbour?.close();
  await registry?.close();
});

/** Node's function stops behind the first frame: each by itself, found by its magic number. */
function tarOfFrames(bytes: Buffer): Buffer {
  const magic = Buffer.from([0x28, 0xb5, 0x2f, 0xfd]);
  const starts: number[] = [];
  for (let at = bytes.indexOf(magic); at >= 0 && at < 15989; at = bytes.indexOf(magic, at + 1)) starts.push(at);
  return Buffer.concat(
    starts.map((start, index) => zstdDecompressSync(bytes.subarray(start, starts[index + 1] ?? 15989))),
  );
}

async function scan(more: readonly string[]) {
  const cache = join(harbour.folder, "cache");
  const args = ["scan", reference, "-d", harbour.db, "-n", "-p", cache, "--output", "json", ...more];
  const { code, stdout, stderr } = await harbour.run(args);
  const { result } = reportV1.parse(JSON.parse(stdout || "{}"));
  const names = Object.values(result.packages ?? {}).map(({ name }) => name);
  const { problems = [], complete } = result;
  return { code, stderr, names: names.sort(), problems: problems.map(({ code: word }) => word), complete };
}

describe("scan --partial-reads", () => {
  it("finds the same, says that it is incomplete, and leaves nothing of that in the cache", async () => {
    const before = registry.requests.length;
    const partly = await scan(["--partial-reads"]);
    expect(partly).toMatchObject({ code: 3, complete: false, names: ["ms", "musl"] });
    expect(partly.problems).toContain("partial-read");
    const asked = registry.requests.slice(before).filter(({ path }) => path.includes(sha256Of(blob)));
    expect(asked.length).toBeGreaterThan(0);
    for (const { range } of asked) expect(range).toMatch(/^bytes=\d+-\d+$/);
    const whole = await scan([]);
    expect(whole).toMatchObject({ code: 0, complete: true, names: ["ms", "musl"] });
    // What was read whole is known, and known by its digest: nothing is left to be said.
    expect(await scan(["--partial-reads"])).toMatchObject({ code: 0, complete: true });
  });
});
