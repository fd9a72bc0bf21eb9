import { imageOf, jsonBlob, startTestRegistry, type TestRegistry, tarOf } from "@plimsoll/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Answer, pourInto, startOddPort, startOddRegistry } from "./odd-server.ts";
import { expectRefusal, expectReport, namesIn, openStage, type Stage, wholeLayers, wholePackages } from "./stage.ts";

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

const image = imageOf(wholeLayers);

/** Registries that answer wrongly, each in one way: the error, words of it, what they answer. */
const odd: readonly (readonly [name: string, code: string, words: string, answer: Answer])[] = [
  ["answers 500", "REGISTRY_FAILED", "status 500", status(500)],
  ["answers 403", "CREDENTIALS_MISSING", "REGISTRY_USER", status(403)],
  ["answers 418", "REGISTRY_FAILED", "status 418", status(418)],
  [
    "sends a login page",
    "DOCUMENT_INVALID",
    "not a JSON object",
    (_, response) => void response.setHeader("content-type", "text/html").end("<html>log in"),
  ],
  ["sends nothing", "DOCUMENT_INVALID", "not a JSON object", (_, response) => void response.end()],
  [
    "sends a manifest without an end",
    "BODY_TOO_LARGE",
    "larger than",
    (_, response) => pourInto(response, Buffer.alloc(65_536, 32)),
  ],
  [
    "breaks off in the manifest",
    "BODY_BROKEN",
    "broke off",
    (_, response) => void response.writeHead(200, { "content-length": "9999" }).write("{", () => response.destroy()),
  ],
  [
    "redirects in circles",
    "TOO_MANY_REDIRECTS",
    "redirects too often",
    (request, response) => void response.writeHead(302, { location: request.url }).end(),
  ],
  [
    "redirects to a file",
    "UNSAFE_REDIRECT",
    "scheme file:",
    (_, response) => void response.writeHead(302, { location: "file:///etc/passwd" }).end(),
  ],
  [
    "redirects to nowhere",
    "UNSAFE_REDIRECT",
    "unreadable address",
    (_, response) => void response.writeHead(302, { location: "http://[" }).end(),
  ],
  ["asks who is there, always", "CREDENTIALS_MISSING", "REGISTRY_PASSWORD", challenge('Basic realm="x"')],
  [
    "asks who is there in a way nobody knows",
    "CREDENTIALS_MISSING",
    "docker login",
    challenge('Negotiate abc, Digest realm="y"'),
  ],
  ["asks who is there without saying how", "CREDENTIALS_MISSING", "docker login", status(401)],
  ["asks for a token from no address", "REGISTRY_BAD_ANSWER", "token server", challenge('Bearer realm="nowhere"')],
  ["asks for a token from a file", "REGISTRY_BAD_ANSWER", "https", challenge('Bearer realm="file:///etc/passwd"')],
  ["asks with a header of 12 kB", "CREDENTIALS_MISSING", "docker login", challenge(`Bearer ${'a="b",'.repeat(2000)}`)],
  [
    "names a token server that gives none",
    "REGISTRY_BAD_ANSWER",
    "gave no token",
    withToken((response) => void response.end("{}")),
  ],
  [
    "names a token server that gives a header",
    "REGISTRY_BAD_ANSWER",
    "gave no token",
    withToken((response) => void response.end('{"token":"a\\r\\nHost: evil"}')),
  ],
  [
    "names a token server that pours",
    "BODY_TOO_LARGE",
    "larger than",
    withToken((response) => pourInto(response, Buffer.alloc(65_536, 32))),
  ],
  [
    "gives a token and takes none",
    "CREDENTIALS_MISSING",
    "REGISTRY_USER",
    withToken((response) => void response.end('{"token":"abc"}')),
  ],
];

describe.concurrent("a registry that", () => {
  it.each(odd)("%s: %s", async (...[, code, words, answer]) => {
    await using server = await startOddRegistry(answer);
    const child = await stage.scan(`pull://${server.host}/shop/web:1`);
    expectRefusal(child, { code, exit: 3, says: [words, /127\.0\.0\.1|redirect/], peakMb: 200 });
    expect(server.requests.length).toBeLessThan(15);
  });

  it("does not listen: HOST_UNREACHABLE", async () => {
    expectRefusal(await stage.scan("pull://127.0.0.1:1/shop/web:1"), {
      code: "HOST_UNREACHABLE",
      exit: 3,
      says: ["refused", "proxy settings"],
    });
  });

  it("has no name in the network: HOST_UNREACHABLE", async () => {
    const child = await stage.scan("pull://registry.invalid/shop/web:1");
    expectRefusal(child, { code: "HOST_UNREACHABLE", exit: 3, says: ["registry.invalid"] });
  });

  it("speaks no HTTP: HOST_UNREACHABLE", async () => {
    await using server = await startOddPort((socket) => void socket.end("220 mail.example.test ESMTP\r\n"));
    const child = await stage.scan(`pull://${server.host}/shop/web:1`);
    expectRefusal(child, { code: "HOST_UNREACHABLE", exit: 3, says: ["not TLS"] });
  });

  it("closes every connection at once", async () => {
    await using server = await startOddPort((socket) => socket.destroy());
    expectRefusal(await stage.scan(`pull://${server.host}/shop/web:1`), { code: "HOST_UNREACHABLE", exit: 3 });
  });

  it("does not have the image: IMAGE_NOT_FOUND", async () => {
    const child = await stage.scan(`pull://${registry.host}/no/such:image`);
    expectRefusal(child, { code: "IMAGE_NOT_FOUND", exit: 3, says: ["no/such:image", "credentials"] });
  });

  it("has lost a layer: LAYER_NOT_FOUND", async () => {
    const reference = registry.push("lost/layer", "1", image);
    registry.addFault({
      match: new RegExp(`GET /v2/lost/layer/blobs/${image.layers[1]?.digest}`),
      kind: "status",
      status: 404,
    });
    const child = await stage.scan(`pull://${reference}`);
    expectRefusal(child, { code: "LAYER_NOT_FOUND", exit: 3, says: ["missing in the registry"] });
  });

  it("has a chart under that name: NOT_AN_IMAGE", async () => {
    const chart = { ...image, config: jsonBlob({ name: "chart" }, "application/vnd.cncf.helm.config.v1+json") };
    const manifest = {
      schemaVersion: 2,
      config: { mediaType: chart.config.mediaType, digest: chart.config.digest, size: chart.config.bytes.length },
      layers: [],
    };
    const reference = registry.push("a/chart", "1", {
      ...chart,
      layers: [],
      manifest: jsonBlob(manifest, image.manifest.mediaType),
    });
    expectRefusal(await stage.scan(`pull://${reference}`), { code: "NOT_AN_IMAGE", exit: 3, says: ["charts"] });
  });

  it("is never reached in the clear from afar", async () => {
    const child = await stage.scan("pull://192.0.2.1:1/shop/web:1", ["--offline-analyzer"]);
    expectRefusal(child, { code: "OFFLINE", exit: 3, says: ["https://192.0.2.1"] });
  });
});

describe.concurrent("a registry that has bad moments", () => {
  it("allows no more requests, then some: the report is whole", async () => {
    const reference = registry.push("busy/then-fine", "1", image);
    registry.addFault({
      match: /GET \/v2\/busy\/then-fine\/manifests/,
      kind: "status",
      status: 429,
      headers: { "retry-after": "1" },
      times: 2,
    });
    expect(namesIn(expectReport(await stage.scan(`pull://${reference}`), { exit: 0 }))).toEqual(wholePackages);
  });

  it("allows no more requests: RATE_LIMITED", async () => {
    const reference = registry.push("busy/always", "1", image);
    registry.addFault({
      match: /GET \/v2\/busy\/always\//,
      kind: "status",
      status: 429,
      headers: { "retry-after": "0" },
    });
    expectRefusal(await stage.scan(`pull://${reference}`), { code: "RATE_LIMITED", exit: 3, says: ["log in"] });
  });

  it("breaks off again and again in a layer: taken up where it broke", async () => {
    const large = imageOf([...wholeLayers, tarOf([{ path: "noise", body: Buffer.alloc(400_000, "abcdefgh") }])], {
      compression: "none",
    });
    const reference = registry.push("broken/thrice", "1", large);
    registry.addFault({
      match: new RegExp(`GET /v2/broken/thrice/blobs/${large.layers[2]?.digest}`),
      kind: "short",
      keepBytes: 100_000,
      times: 3,
    });
    expect(namesIn(expectReport(await stage.scan(`pull://${reference}`), { exit: 0 }))).toEqual(wholePackages);
    const ranges = registry.requests.filter(({ path, range }) => path.includes("broken/thrice") && range !== null);
    expect(ranges.length).toBeGreaterThanOrEqual(3);
  });

  it("breaks off in a layer every time: BODY_BROKEN", async () => {
    const reference = registry.push("broken/always", "1", image);
    registry.addFault({
      match: new RegExp(`GET /v2/broken/always/blobs/${image.layers[0]?.digest}`),
      kind: "short",
      keepBytes: 10,
    });
    expectRefusal(await stage.scan(`pull://${reference}`), { code: "BODY_BROKEN", exit: 3, says: ["try again"] });
  });

  it("sends a layer without an end: SIZE_MISMATCH, nothing kept", async () => {
    await using server = await startOddRegistry(
      servingOneLayer((response) => pourInto(response, Buffer.alloc(65_536))),
    );
    expectRefusal(await stage.scan(`pull://${server.host}/shop/web:1`), {
      code: "SIZE_MISMATCH",
      exit: 3,
      says: ["more than"],
    });
  });
});

function status(code: number): Answer {
  return (_, response) => void response.writeHead(code).end();
}

function challenge(header: string): Answer {
  return (_, response) => void response.writeHead(401, { "www-authenticate": header }).end();
}

/** Asks for a token from `/token` of the same host, which `give` answers; takes no token. */
function withToken(give: (response: Parameters<Answer>[1]) => void): Answer {
  return (request, response) => {
    if (request.url?.startsWith("/token") === true) return give(response);
    challenge(`Bearer realm="http://${request.headers.host}/token",service="s"`)(request, response);
  };
}

/** Serves the image's documents truly, and its layers by `layer`. */
function servingOneLayer(layer: (response: Parameters<Answer>[1]) => void): Answer {
  return (request, response) => {
    if (request.url?.includes("/manifests/") === true) return void response.end(image.manifest.bytes);
    if (request.url?.endsWith(image.config.digest) === true) return void response.end(image.config.bytes);
    layer(response);
  };
}
