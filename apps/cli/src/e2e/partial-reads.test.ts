import { readFileSync } from "node:fs";
import { join } from "node:path";
import { zstdCompressSync, zstdDecompressSync } from "node:zlib";
import { reportV1 } from "@plimsoll/contract";
import {
  descriptorOf,
  imageOf,
  jsonBlob,
  repositoryRoot,
  sha256Of,
  startTestRegistry,
  type TestImage,
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
  const chunked = imageWith(blob, annotations);
  reference = `pull://${registry.push("shop/web", "1", chunked)}`;
});
afterAll(async () => {
  harbour?.close();
  await registry?.close();
});

/** An image of one layer, as it travels, with annotations in its manifest. */
function imageWith(bytes: Buffer, told: Readonly<Record<string, string>>): TestImage {
  const tar = tarOfFrames(blob);
  const image = imageOf([tar]);
  const mediaType = "application/vnd.oci.image.layer.v1.tar+zstd";
  const layer = { tar, diffId: sha256Of(tar), bytes, digest: sha256Of(bytes), mediaType };
  const manifest = {
    schemaVersion: 2,
    mediaType: image.manifest.mediaType,
    config: descriptorOf(image.config),
    layers: [{ ...descriptorOf(layer), annotations: told }],
  };
  return { ...image, layers: [layer], manifest: jsonBlob(manifest, image.manifest.mediaType) };
}

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

/** Tables of contents that mean harm, for the true layer; `toc` is what the manifest vouches for. */
const attacks: readonly (readonly [name: string, toc: () => Buffer, told: string])[] = [
  ["unpacks to gigabytes", () => Buffer.concat([zstdBomb()]), "exit 0"],
  ["says that a piece is a gigabyte", () => table([{ size: 2 ** 30, offset: 9, endOffset: 200 }]), "exit 3"],
  ["says that a piece lies behind a gigabyte", () => table([{ size: 40, offset: 9, innerOffset: 2 ** 30 }]), "exit 0"],
  [
    "has 80,000 entries for one place",
    () =>
      table(
        Array.from({ length: 80_000 }, (_, index) => ({
          name: `app/node_modules/m${index}/package.json`,
          size: 900_000,
          offset: 9,
          endOffset: 15_900,
        })),
      ),
    "LAYER_TOO_LARGE",
  ],
  ["is nested 200,000 deep", () => zstdCompressSync(`{"version":1,"entries":${"[".repeat(200_000)}`), "exit 0"],
  ["has a name of a million characters", () => table([{ name: "a/".repeat(500_000), size: 0 }]), "exit 3"],
  ["has a name with control characters", () => table([{ name: "a\u001b[31m/package.json", size: 0 }]), "exit 3"],
];

function table(rows: readonly object[]): Buffer {
  const digest = sha256Of("");
  const entries = rows.map((row) => ({ type: "reg", name: "app/package.json", digest, ...row }));
  return zstdCompressSync(JSON.stringify({ version: 1, entries }));
}

function zstdBomb(): Buffer {
  const frame = zstdCompressSync(Buffer.alloc(2 ** 27));
  return Buffer.concat(Array(32).fill(frame));
}

describe("scan --partial-reads of a layer whose table", () => {
  it.each(attacks)(
    "%s",
    async (...[name, toc, told]) => {
      const packed = toc();
      const data = blob.subarray(0, 15_997);
      const whole = Buffer.concat([data.subarray(0, 15_989), skippable(packed)]);
      const position = `${data.length}:${packed.length}:${2 ** 25}:1`;
      const prefix = "io.github.containers.zstd-chunked.";
      const lying = imageWith(whole, {
        [`${prefix}manifest-checksum`]: sha256Of(packed),
        [`${prefix}manifest-position`]: position,
      });
      const repository = `hostile/${name.replace(/\W+/g, "-").toLowerCase()}`;
      const pulled = `pull://${registry.push(repository, "1", lying)}`;
      const args = ["scan", pulled, "-d", harbour.db, "-n", "--no-cache", "--partial-reads"];
      const child = await harbour.run(args, { timeoutMs: 60_000 });
      const ending = /\[([A-Z_]+)\]/.exec(child.stderr)?.[1] ?? `exit ${child.code}`;
      expect(ending, child.stderr).toMatch(new RegExp(`^(?:${told})$`));
      expect(child.peakRssBytes / 1e6).toBeLessThan(300);
      expect(child.stdout + child.stderr).not.toContain("\u001b");
      expect(child.filesLeft).toEqual([]);
    },
    60_000,
  );
});

/** The table in a skippable frame, as in the real format. */
function skippable(packed: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32LE(0x184d2a50, 0);
  head.writeUInt32LE(packed.length, 4);
  return Buffer.concat([head, packed]);
}
