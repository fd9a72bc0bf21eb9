/**
 * Registries that mean harm, one test for each way: the error, the exit code, what it may cost, and that nothing is left.
 * What they do in the manifest is in registries.test.ts, to credentials in credentials.test.ts, by silence in silence.test.ts.
 */
import { randomBytes } from "node:crypto";
import { gzipSync } from "node:zlib";
import {
  type Blob,
  descriptorOf,
  type ImageManifest,
  imageOf,
  jsonBlob,
  sha256Of,
  startTestRegistry,
  type TestImage,
  type TestRegistry,
} from "@plimsoll/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Answer, type OddServer, pourInto, startOddRegistry } from "./odd-server.ts";
import { expectRefusal, expectReport, namesIn, openStage, type Stage, wholeLayers, wholePackages } from "./stage.ts";

const indexType = "application/vnd.oci.image.index.v1+json";
const image = imageOf(wholeLayers);

let stage: Stage;
let registry: TestRegistry;
beforeAll(async () => {
  stage = await openStage();
  registry = await startTestRegistry();
});
afterAll(async () => {
  stage?.close();
  await registry?.close();
});

type Response = Parameters<Answer>[1];

/** Serves an image truly, but for its layers: those by `layer`. */
function serving(served: TestImage, layer: Answer): Promise<OddServer> {
  return startOddRegistry((request, response) => {
    if (request.url?.includes("/manifests/") === true) return void response.end(served.manifest.bytes);
    if (request.url?.endsWith(served.config.digest) === true) return void response.end(served.config.bytes);
    layer(request, response);
  });
}

function withManifest(change: (manifest: ImageManifest) => unknown): TestImage {
  return imageOf(wholeLayers, { manifest: change });
}

function push(name: string, pushed: TestImage): string {
  return `pull://${registry.push(`hostile/${name}`, "1", pushed)}`;
}

function pushManifest(name: string, manifest: Blob): string {
  registry.put(`hostile/${name}`, ["1"], { manifest });
  return `pull://${registry.host}/hostile/${name}:1`;
}

describe.concurrent("a hostile manifest", () => {
  it("of 10,000 layers: TOO_MANY_LAYERS", async () => {
    const pushed = withManifest((manifest) => ({ ...manifest, layers: Array(10_000).fill(manifest.layers[0]) }));
    expectRefusal(await stage.scan(push("layers", pushed)), { code: "TOO_MANY_LAYERS", exit: 3, says: ["10000"] });
  });

  it("that is an index of 40,000 manifests: PLATFORM_NOT_FOUND, in little time", async () => {
    const platform = { os: "plan9", architecture: "sparc" };
    const manifests = Array.from({ length: 40_000 }, (_, index) => ({
      digest: sha256Of(String(index)),
      size: 1,
      platform,
    }));
    const index = jsonBlob({ schemaVersion: 2, mediaType: indexType, manifests }, indexType);
    const child = await stage.scan(pushManifest("index", index));
    expectRefusal(child, { code: "PLATFORM_NOT_FOUND", exit: 2, says: ["plan9/sparc"] });
  });

  it("that is an index of 100,000 manifests: BODY_TOO_LARGE", async () => {
    const one = { digest: sha256Of(""), size: 1, platform: { os: "linux", architecture: "amd64" } };
    const index = jsonBlob({ schemaVersion: 2, manifests: Array(100_000).fill(one) }, indexType);
    expectRefusal(await stage.scan(pushManifest("large-index", index)), { code: "BODY_TOO_LARGE", exit: 3 });
  });

  it("that is an index which leads to itself: DIGEST_MISMATCH", async () => {
    const one = { digest: sha256Of("elsewhere"), size: 1000, platform: { os: "linux", architecture: "amd64" } };
    const index = jsonBlob({ schemaVersion: 2, manifests: [one] }, indexType);
    await using server = await startOddRegistry((_, response) => void response.end(index.bytes));
    const child = await stage.scan(`pull://${server.host}/loop:1`);
    expectRefusal(child, { code: "DIGEST_MISMATCH", exit: 3 });
    expect(server.requests.length).toBeLessThan(6);
  });

  it("behind a hundred indexes: DOCUMENT_INVALID", async () => {
    let manifest: Blob = image.manifest;
    for (let depth = 0; depth < 100; depth++) {
      manifest = jsonBlob({ schemaVersion: 2, mediaType: indexType, manifests: [descriptorOf(manifest)] }, indexType);
      registry.put("hostile/deep", ["1"], { manifest });
    }
    const child = await stage.scan(`pull://${registry.host}/hostile/deep:1`);
    expectRefusal(child, { code: "DOCUMENT_INVALID", exit: 3, says: ["nested too deeply"] });
  });

  it("whose layers lie elsewhere: not fetched from there, the answer is incomplete", async () => {
    await using elsewhere = await startOddRegistry((_, response) => void response.end("boo"));
    const pushed = withManifest(({ layers: [first, ...rest], ...manifest }) => ({
      ...manifest,
      layers: [
        {
          ...first,
          mediaType: "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip",
          urls: [`http://${elsewhere.host}/layer`, "file:///etc/passwd"],
        },
        ...rest,
      ],
    }));
    const result = expectReport(await stage.scan(push("foreign", pushed)), { exit: 3 });
    expect(result.problems?.map(({ code }) => code)).toContain("foreign-layer");
    expect(elsewhere.requests).toEqual([]);
  });

  it("of another type than it says: read by what it holds", async () => {
    const other = { ...image, manifest: { ...image.manifest, mediaType: "text/html; charset=utf-8" } };
    expect(namesIn(expectReport(await stage.scan(push("type", other)), { exit: 0 }))).toEqual(wholePackages);
  });
});

describe.concurrent("a hostile configuration", () => {
  it("of a gigabyte: BODY_TOO_LARGE", async () => {
    const pushed = withManifest((manifest) => ({ ...manifest, config: { ...manifest.config, size: 2 ** 30 } }));
    await using server = await startOddRegistry((request, response) => {
      if (request.url?.includes("/manifests/") === true) return void response.end(pushed.manifest.bytes);
      response.setHeader("content-length", 2 ** 30);
      pourInto(response, Buffer.alloc(65_536, 32));
    });
    expectRefusal(await stage.scan(`pull://${server.host}/shop/web:1`), { code: "BODY_TOO_LARGE", exit: 3 });
  });

  it("that is not what the manifest names: DIGEST_MISMATCH", async () => {
    const reference = push("config", image);
    registry.addFault({ match: new RegExp(`hostile/config/blobs/${image.config.digest}`), kind: "corrupt" });
    expectRefusal(await stage.scan(reference), { code: "DIGEST_MISMATCH", exit: 3, says: ["configuration"] });
  });
});

/** Layers that are sent wrongly, each in one way. */
const layers: readonly (readonly [name: string, code: string, layer: Answer])[] = [
  [
    "is another file",
    "DIGEST_MISMATCH|SIZE_MISMATCH|TAR_CORRUPT",
    (_, response) => void response.end(randomBytes(5000)),
  ],
  [
    "is a login page",
    "DIGEST_MISMATCH|SIZE_MISMATCH|TAR_TRUNCATED|TAR_CORRUPT",
    (_, response) => void response.setHeader("content-type", "text/html").end("<html>log in</html>"),
  ],
  ["is empty", "SIZE_MISMATCH", (_, response) => void response.end()],
  ["says that it is longer than it is", "BODY_BROKEN", lengthOf(10 ** 9)],
  ["says that it is shorter than it is", "SIZE_MISMATCH|COMPRESSION_TRUNCATED|BODY_BROKEN", lengthOf(10)],
  [
    "redirects for ever",
    "TOO_MANY_REDIRECTS",
    (request, response) => void response.writeHead(307, { location: `${request.url}x` }).end(),
  ],
  [
    "redirects to a file",
    "UNSAFE_REDIRECT",
    (_, response) => void response.writeHead(307, { location: "file:///etc/shadow" }).end(),
  ],
  ["is answered with 500", "REGISTRY_FAILED", (_, response) => void response.writeHead(500).end()],
  [
    "asks for a login for ever",
    "CREDENTIALS_MISSING",
    (_, response) => void response.writeHead(401, { "www-authenticate": 'Basic realm="x"' }).end(),
  ],
  [
    "is answered with 503 and an hour to wait",
    "REGISTRY_FAILED",
    (_, response) => void response.writeHead(503, { "retry-after": "3600" }).end(),
  ],
];

/** Written past Node's server, which lets no length lie. */
function lengthOf(bytes: number): Answer {
  return ({ url }, response) => {
    const layer = image.layers.find(({ digest }) => url?.endsWith(digest));
    response.socket?.write(`HTTP/1.1 200 OK\r\ncontent-length: ${bytes}\r\n\r\n`);
    response.socket?.end(layer?.bytes ?? "");
  };
}

describe.concurrent("a layer that", () => {
  it.each(layers)("%s: %s", async (...[, code, layer]) => {
    await using server = await serving(image, layer);
    expectRefusal(await stage.scan(`pull://${server.host}/shop/web:1`), { code, exit: 3, wallMs: 15_000 });
    expect(server.requests.length).toBeLessThan(60);
  });

  it("unpacks to gigabytes: COMPRESSION_RATIO", async () => {
    const bomb = Buffer.concat(Array(40).fill(gzipSync(Buffer.alloc(2 ** 26), { level: 9 })));
    const pushed = withManifest(({ layers: [first, ...rest], ...manifest }) => ({
      ...manifest,
      layers: [{ ...first, digest: sha256Of(bomb), size: bomb.length }, ...rest],
    }));
    registry.put("hostile/bomb", [], {
      manifest: pushed.manifest,
      blobs: [{ digest: sha256Of(bomb), mediaType: "application/octet-stream", bytes: bomb }],
    });
    const child = await stage.scan(push("bomb", pushed));
    expectRefusal(child, { code: "COMPRESSION_RATIO|LAYER_TOO_LARGE", exit: 3, peakMb: 300 });
  });
});

/** A registry that breaks off a layer at `first` bytes and answers the Range request behind that by `resume`. */
function breakingOff(first: number, resume: (response: Response, bytes: Buffer) => void): Promise<OddServer> {
  const large = resumable.layers[0];
  return serving(resumable, (request, response) => {
    const bytes = large?.bytes ?? Buffer.alloc(0);
    if (request.url?.endsWith(large?.digest ?? "-") !== true) return void response.writeHead(404).end();
    if (request.headers.range !== undefined) return resume(response, bytes);
    response.writeHead(200, { "content-length": bytes.length });
    response.write(bytes.subarray(0, first), () => setTimeout(() => response.destroy(), 50));
  });
}

const noise = { path: "srv/noise", body: randomBytes(300_000) };
const resumable = imageOf([[...(wholeLayers[0] ?? []), noise]], { compression: "none" });

/** What comes when a broken download is taken up again. */
const resumed: readonly (readonly [name: string, code: string, resume: (response: Response, bytes: Buffer) => void])[] =
  [
    [
      "other bytes",
      "DIGEST_MISMATCH|TAR_CORRUPT|DIFF_ID_MISMATCH",
      (response, bytes) => {
        const rest = Buffer.from(bytes.subarray(100_000));
        rest.fill(7, 1000, 2000);
        response.writeHead(206, { "content-range": `bytes 100000-${bytes.length - 1}/${bytes.length}` }).end(rest);
      },
    ],
    [
      "another range than was asked for",
      "SIZE_MISMATCH|DIGEST_MISMATCH|TAR_CORRUPT|TAR_TRUNCATED|DIFF_ID_MISMATCH",
      (response, bytes) =>
        void response
          .writeHead(206, { "content-range": `bytes 5-${bytes.length - 1}/${bytes.length}` })
          .end(bytes.subarray(5)),
    ],
    [
      "a range that is none",
      "SIZE_MISMATCH|DIGEST_MISMATCH|TAR_CORRUPT|TAR_TRUNCATED|DIFF_ID_MISMATCH",
      (response, bytes) => void response.writeHead(206, { "content-range": "bytes */x" }).end(bytes.subarray(100_000)),
    ],
    [
      "no end",
      "SIZE_MISMATCH",
      (response, bytes) => {
        response.writeHead(206, { "content-range": `bytes 100000-${bytes.length - 1}/${bytes.length}` });
        pourInto(response, Buffer.alloc(65_536));
      },
    ],
    ["416", "REGISTRY_FAILED", (response) => void response.writeHead(416).end()],
    ["404", "LAYER_NOT_FOUND", (response) => void response.writeHead(404).end()],
  ];

describe.concurrent("a broken download, taken up again, that gives", () => {
  it.each(resumed)("%s: %s", async (...[, code, resume]) => {
    await using server = await breakingOff(100_000, resume);
    expectRefusal(await stage.scan(`pull://${server.host}/shop/web:1`), { code, exit: 3 });
  });

  it("all from its beginning, as servers without ranges do: the report is whole", async () => {
    await using server = await breakingOff(100_000, (response, bytes) => void response.end(bytes));
    const child = await stage.scan(`pull://${server.host}/shop/web:1`);
    expect(namesIn(expectReport(child, { exit: 0 }))).toEqual(["musl"]);
  });
});
