import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import {
  type ChildResult,
  descriptorOf,
  dockerArchiveOf,
  gzipOf,
  imageOf,
  jsonBlob,
  ociArchiveOf,
  ociLayoutOf,
  startTestRegistry,
  type TarEntry,
  type TestImage,
  type TestRegistry,
  tarOf,
} from "@plimsoll/testkit";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Harbour, openHarbour } from "../testing/harbour.ts";

let harbour: Harbour;
let registry: TestRegistry;
let daemon: Server;
const folder = mkdtempSync(join(tmpdir(), "plimsoll-cached-"));
let cache = "";
let runs = 0;

const base: TarEntry[] = [
  { path: "etc/os-release", body: "ID=alpine\nVERSION_ID=3.18.4\n" },
  { path: "lib/apk/db/installed", body: "P:openssl\nV:3.0.8-r0\nA:x86_64\no:openssl\n\n" },
  { path: "app/node_modules/gone/package.json", body: '{"name":"gone","version":"1.0.0"}' },
  { path: "opt/old/node_modules/hidden/package.json", body: '{"name":"hidden","version":"1.0.0"}' },
];
/** Hard links that need a second pass, a whiteout, an opaque folder, a file nobody can read. */
const app: TarEntry[] = [
  { path: "store/ab", body: '{"name":"lodash","version":"4.17.15"}' },
  { path: "srv/node_modules/lodash/package.json", type: "hardlink", linkname: "store/ab" },
  { path: "app/node_modules/.wh.gone", body: "" },
  { path: "opt/old/.wh..wh..opq", body: "" },
  { path: "srv/broken.jar", body: "PK\u0003\u0004 not a zip" },
];
const image = imageOf([base, app, base]);
const zstd = imageOf([base, app, base], { compression: "zstd" });

/** The image as every kind of source, by name. */
const references: Record<string, string> = {};

beforeAll(async () => {
  harbour = await openHarbour();
  registry = await startTestRegistry();
  references.registry = `pull://${registry.push("shop/web", "1", image)}`;
  references["registry, zstd"] = `pull://${registry.push("shop/web", "2", zstd)}`;
  const file = (name: string, bytes: Uint8Array): string => {
    writeFileSync(join(folder, name), bytes);
    return join(folder, name);
  };
  const saved = dockerArchiveOf([{ ...image, tags: ["shop/web:1"] }]);
  references["docker archive"] = `docker-archive:${file("saved.tar", saved)}`;
  references["compressed docker archive"] = `docker-archive:${file("saved.tar.gz", gzipOf(saved))}`;
  references["docker archive of compressed blobs"] = `docker-archive:${file("blobs.tar", savedWith(image, blobPath))}`;
  references["docker archive of compressed layers"] = `docker-archive:${file(
    "layers.tar",
    savedWith(image, (_, index) => `${index}/layer.tar`),
  )}`;
  references["OCI archive"] = `oci-archive:${file("oci.tar", ociArchiveOf([image]))}`;
  for (const [path, bytes] of ociLayoutOf([zstd])) {
    mkdirSync(dirname(join(folder, "layout", path)), { recursive: true });
    writeFileSync(join(folder, "layout", path), bytes);
  }
  references["OCI layout"] = `oci:${join(folder, "layout")}`;
  daemon = createServer((request, response) => {
    const isInspect = /\/images\/[^/]+\/json$/.test(decodeURIComponent(request.url ?? ""));
    const layers = image.layers.map(({ diffId }) => diffId);
    const inspected = { Id: image.imageId, RepoDigests: [], RootFS: { Type: "layers", Layers: layers } };
    if (isInspect) response.end(JSON.stringify(inspected));
    else if (/\/images\/[^/]+\/get$/.test(decodeURIComponent(request.url ?? ""))) {
      response.end(savedWith({ ...image, layers: image.layers.map(plain) }, blobPath));
    } else response.end("OK");
  });
  await new Promise<void>((resolve) => daemon.listen(0, "127.0.0.1", resolve));
  references.daemon = "docker://web";
});

afterAll(async () => {
  harbour?.close();
  await registry?.close();
  daemon?.close();
  daemon?.closeAllConnections();
  rmSync(folder, { recursive: true, force: true });
});

beforeEach(() => {
  runs += 1;
  cache = join(folder, `cache-${runs}`);
});

type Layer = TestImage["layers"][number];
const hexOf = (digest: string): string => digest.slice("sha256:".length);
const blobPath = ({ digest }: Layer): string => `blobs/sha256/${hexOf(digest)}`;
const plain = (layer: Layer): Layer => ({ ...layer, bytes: layer.tar, digest: layer.diffId });

/** What `docker save` writes, its layers as they are in the image and under names of one's choice. */
function savedWith({ imageId, config, layers }: TestImage, nameOf: (layer: Layer, index: number) => string): Buffer {
  const files = new Map(layers.map((layer, index) => [nameOf(layer, index), layer.bytes]));
  const manifest = [{ Config: `blobs/sha256/${hexOf(imageId)}`, RepoTags: ["web:1"], Layers: layers.map(nameOf) }];
  files.set(`blobs/sha256/${hexOf(imageId)}`, config.bytes);
  files.set("manifest.json", Buffer.from(JSON.stringify(manifest)));
  return tarOf([...files].map(([path, body]) => ({ path, body })));
}

const scan = (reference: string, ...more: readonly string[]): Promise<ChildResult> =>
  harbour.run([reference, "-d", harbour.db, "-n", "--output", "json", ...more], {
    env: { DOCKER_HOST: `tcp://127.0.0.1:${(daemon.address() as AddressInfo).port}` },
  });
const cached = (reference: string, ...more: readonly string[]): Promise<ChildResult> =>
  scan(reference, "--cachepath", cache, ...more);
const layersIn = (): string[] => readdirSync(join(cache, "layers")).sort();

/** What a scan asked the registry for, the question how to log in apart. */
async function pathsOf(reference: string): Promise<string[]> {
  const before = registry.requests.length;
  const child = await cached(reference);
  expect(child.code, child.stderr).toBe(1);
  const paths = registry.requests.slice(before).map(({ path }) => path.replace(/^\/v2\/shop\/\w+\//, ""));
  return paths.filter((path) => path !== "/v2/");
}

const kinds = [
  "registry",
  "registry, zstd",
  "docker archive",
  "compressed docker archive",
  "docker archive of compressed blobs",
  "docker archive of compressed layers",
  "OCI archive",
  "OCI layout",
  "daemon",
];

describe("a report is the same bytes with and without the cache", () => {
  it.each(kinds)("%s: alone, and behind a scan of another kind", { timeout: 60_000 }, async (kind) => {
    const reference = references[kind] ?? "";
    const without = await scan(reference, "--no-cache");
    expect(without.code, without.stderr).toBe(1);
    expect(without.stdout).toContain('"lodash"');
    expect(without.filesLeft).toEqual([]);
    const cold = await cached(reference);
    const warm = await cached(reference);
    expect(cold.stdout).toBe(without.stdout);
    expect(warm.stdout).toBe(without.stdout);
    // Three layers, two of them the same, and the image; of one in a registry the configuration too.
    const isRemote = kind.startsWith("registry");
    expect(layersIn()).toHaveLength(isRemote ? 5 : 4);
    rmSync(cache, { recursive: true });
    await cached(references[isRemote ? "docker archive" : "registry"] ?? "");
    expect((await cached(reference)).stdout).toBe(without.stdout);
    expect(layersIn()).toHaveLength(5);
  });
});

describe("a registry", () => {
  it("is asked for the manifest of a known image only, and for new layers of one that stands on it", async () => {
    // Two layers, and one of them a second time for its hard links.
    expect(await pathsOf(references.registry ?? "")).toHaveLength(5);
    expect(await pathsOf(references.registry ?? "")).toEqual(["manifests/1"]);
    expect(zstd.config.digest).toBe(image.config.digest);
    expect(await pathsOf(references["registry, zstd"] ?? "")).toEqual(["manifests/2"]);
    const child = imageOf([base, app, [{ path: "new", body: "x" }]]);
    const requests = await pathsOf(`pull://${registry.push("shop/child", "1", child)}`);
    expect(requests).toEqual(["manifests/1", `blobs/${child.config.digest}`, `blobs/${child.layers[2]?.digest}`]);
  });
});

/** An image that says it consists of `claimed`'s layers and ships its own. */
function lying(own: TestImage, claimed: TestImage): TestImage {
  const document = JSON.parse(own.config.bytes.toString()) as { rootfs: { diff_ids: string[] } };
  document.rootfs.diff_ids = claimed.layers.map(({ diffId }) => diffId);
  const config = jsonBlob(document, own.config.mediaType);
  const manifest = JSON.parse(own.manifest.bytes.toString()) as object;
  return {
    ...own,
    imageId: config.digest,
    config,
    manifest: jsonBlob({ ...manifest, config: descriptorOf(config) }, own.manifest.mediaType),
  };
}

describe("a hostile image", () => {
  const harmless = imageOf([[{ path: "etc/os-release", body: "ID=alpine\nVERSION_ID=3.18.4\n" }], app, base]);

  it("cannot say what another one's layers hold", async () => {
    writeFileSync(join(folder, "lying.tar"), ociArchiveOf([lying(harmless, image)]));
    const refused = await cached(`oci-archive:${join(folder, "lying.tar")}`);
    expect([refused.code, refused.stdout]).toEqual([3, ""]);
    expect(refused.stderr).toContain("DIFF_ID_MISMATCH");
    expect(() => layersIn()).toThrow("ENOENT");
    const honest = await cached(references["OCI archive"] ?? "");
    expect(honest.stdout).toBe((await scan(references["OCI archive"] ?? "", "--no-cache")).stdout);
  });

  it("that names known layers is told as what it names, which no engine would unpack otherwise", async () => {
    await cached(references.registry ?? "");
    const reference = `pull://${registry.push("shop/evil", "1", lying(harmless, image))}`;
    expect((await cached(reference)).stdout).toContain("CVE-2025-0001");
    expect((await scan(reference, "--no-cache")).stderr).toContain("DIFF_ID_MISMATCH");
  });

  it("whose plain layer has not even the length of the one it names is refused", async () => {
    await cached(references.registry ?? "");
    const longer = imageOf([[...base, { path: "more", body: "x".repeat(5000) }], app, base]);
    const liar = lying(longer, image);
    const saved = savedWith({ ...liar, layers: liar.layers.map(plain) }, (_, index) => `${index}/layer.tar`);
    writeFileSync(join(folder, "longer.tar"), saved);
    expect((await cached(`docker-archive:${join(folder, "longer.tar")}`)).stderr).toContain("SIZE_MISMATCH");
  });
});

describe("the cache's folder", () => {
  it("serves scans that run at once", { timeout: 120_000 }, async () => {
    const wanted = ["docker archive", "registry", "OCI layout", "daemon"];
    const without = await Promise.all(wanted.map((kind) => scan(references[kind] ?? "", "--no-cache")));
    for (let round = 0; round < 2; round++) {
      const at = await Promise.all(wanted.map((kind) => cached(references[kind] ?? "")));
      expect(at.map(({ stdout }) => stdout)).toEqual(without.map(({ stdout }) => stdout));
    }
    expect(layersIn().filter((name) => !/^(?:[0-9a-f]{64}|swept)$/.test(name))).toEqual([]);
  });

  it("serves the SBOM command and scans alike, and is cleared by --clearcache: its own files alone", async () => {
    const written = await harbour.run(["sbom", references.registry ?? "", "--cachepath", cache, "--allow-incomplete"]);
    expect(written.code, written.stderr).toBe(0);
    expect(await pathsOf(references.registry ?? "")).toHaveLength(1);
    for (const path of ["notes.txt", "starter/notes.txt", "layers/notes.txt"]) {
      mkdirSync(dirname(join(cache, path)), { recursive: true });
      writeFileSync(join(cache, path), "mine");
    }
    const cleared = await cached(references.registry ?? "", "--clearcache", "--no-cache");
    expect(cleared.code, cleared.stderr).toBe(1);
    expect(readdirSync(cache, { recursive: true }).map(String).sort()).toEqual([
      "layers",
      "layers/notes.txt",
      "notes.txt",
      "starter",
      "starter/notes.txt",
    ]);
  });

  it("lies in XDG_CACHE_HOME by default", async () => {
    const { filesLeft } = await scan(references.registry ?? "");
    expect(filesLeft.filter((path) => path.startsWith("home/.cache/plimsoll/layers/"))).toHaveLength(5);
  });

  it.each<[string, () => void]>([
    ["cannot be made", () => writeFileSync(cache, "")],
    ["is a link to elsewhere", () => linkElsewhere()],
  ])("is done without when it %s: one line of the debug log", async (_, prepare) => {
    prepare();
    const without = await scan(references.registry ?? "", "--no-cache");
    const quiet = await cached(references.registry ?? "");
    expect([quiet.stdout, quiet.stderr, quiet.code]).toEqual([without.stdout, without.stderr, without.code]);
    const loud = await cached(references.registry ?? "", "--loglevel=debug", "--console-log");
    expect(loud.stderr.match(/layer cache not used/g)).toHaveLength(1);
    expect(readdirSync(folder, { recursive: true }).filter((path) => /elsewhere-\d+\//.test(String(path)))).toEqual([]);
  });

  function linkElsewhere(): void {
    const elsewhere = join(folder, `elsewhere-${runs}`);
    for (const path of [elsewhere, cache]) mkdirSync(path);
    symlinkSync(elsewhere, join(cache, "layers"));
  }
});
