/**
 * Engines, image stores and pipes that attack whoever reads them: each in a child process that ends with the right
 * code, in time, within memory, and leaves nothing behind.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer as createHttp, type RequestListener, type ServerResponse } from "node:http";
import { createServer as createHttp2, type ServerHttp2Stream } from "node:http2";
import type { Server } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { type ChildResult, dockerArchiveOf, imageOf, runChild, sha256Of, tarOf } from "@plimsoll/testkit";
import { afterAll, afterEach, describe, expect, it } from "vitest";

const folder = mkdtempSync(join(tmpdir(), "plim-h-"));
const servers: { readonly server: Pick<Server, "close">; readonly cut: () => unknown }[] = [];
let count = 0;
afterEach(() => {
  for (const { server, cut } of servers.splice(0)) {
    cut();
    server.close();
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const image = imageOf([[{ path: "a", body: "b" }]]);
const mebibyte = 2 ** 20;

function expectEnd(child: ChildResult, code: string, exit = 3): void {
  expect(child.stderr).toContain(`[${code}]`);
  expect(child.code).toBe(exit);
  expect(child.peakRssBytes).toBeLessThan(300 * mebibyte);
  expect(child.filesLeft).toEqual([]);
}

const timeoutMs = 60_000;

describe("a hostile docker engine", () => {
  async function scanned(listener: RequestListener): Promise<ChildResult> {
    const server = createHttp(listener);
    servers.push({ server, cut: () => server.closeAllConnections() });
    const socket = join(folder, `${++count}.sock`);
    await new Promise<void>((resolve) => void server.listen(socket, resolve));
    return runChild({ args: ["sbom", "docker://app"], env: { DOCKER_HOST: `unix://${socket}` }, timeoutMs });
  }

  const saving = (save: (response: ServerResponse) => unknown) =>
    scanned((request, response) => {
      if (request.url?.endsWith("/get") === true) save(response);
      else response.end(JSON.stringify({ Id: image.imageId }));
    });

  it("an inspection without an end", { timeout: timeoutMs }, async () => {
    expectEnd(await scanned((_, response) => flood(response, Buffer.alloc(mebibyte, "["))), "DAEMON_FAILED");
  });

  it("an archive of entries without an end", { timeout: timeoutMs }, async () => {
    const entries = tarOf(
      Array.from({ length: 500 }, (_, index) => ({ path: `file-${index}`, body: "" })),
      { end: false },
    );
    expectEnd(await saving((response) => flood(response, entries)), "ARCHIVE_TOO_LARGE");
  });

  it("an archive of zeros without an end", { timeout: timeoutMs }, async () => {
    expectEnd(await saving((response) => flood(response, Buffer.alloc(mebibyte))), "NOT_AN_ARCHIVE", 2);
  });

  it("an archive of documents without an end", { timeout: timeoutMs }, async () => {
    const document = tarOf([{ path: "a.json", body: Buffer.alloc(4 * mebibyte, "a") }], { end: false });
    expectEnd(await saving((response) => flood(response, document)), "DOCUMENT_INVALID");
  });
});

describe("a hostile containerd", () => {
  /** Answers each method by its name. */
  async function scanned(answers: Readonly<Record<string, (stream: ServerHttp2Stream) => void>>): Promise<ChildResult> {
    const server = createHttp2();
    const sessions = new Set<{ destroy(): void }>();
    server.on("session", (session) => sessions.add(session));
    server.on("stream", (stream, headers) => {
      stream.on("error", () => undefined);
      const method = String(headers[":path"]).split("/").at(-1) ?? "";
      stream.respond({ ":status": 200, "content-type": "application/grpc" });
      answers[method]?.(stream);
    });
    servers.push({ server, cut: () => [...sessions].map((session) => session.destroy()) });
    const socket = join(folder, `${++count}.sock`);
    await new Promise<void>((resolve) => void server.listen(socket, resolve));
    const env = { CONTAINERD_ADDRESS: socket, CONTAINERD_NAMESPACE: "x" };
    return runChild({ args: ["sbom", "containerd://app"], env, timeoutMs });
  }

  const manifest = Buffer.from(JSON.stringify({ schemaVersion: 2, config: {}, layers: [] }));
  const target = (size: number) => message([1, message([3, message([2, sha256Of(manifest)], [3, size])])]);

  it("a message of a size beyond memory", { timeout: timeoutMs }, async () => {
    expectEnd(
      await scanned({ Get: (stream) => flood(stream, Buffer.alloc(mebibyte, 0xff).fill(0, 0, 1)) }),
      "DAEMON_FAILED",
    );
  });

  it("a document without an end", { timeout: timeoutMs }, async () => {
    const piece = framed(message([2, Buffer.alloc(mebibyte, "a")]));
    const child = await scanned({
      Get: (stream) => stream.end(framed(target(2 ** 40))),
      Read: (stream) => flood(stream, piece),
    });
    expectEnd(child, "DOCUMENT_INVALID");
  });

  it("a document of something else", { timeout: timeoutMs }, async () => {
    const child = await scanned({
      Get: (stream) => stream.end(framed(target(manifest.length))),
      Read: (stream) => stream.end(framed(message([2, Buffer.alloc(manifest.length, "x")]))),
    });
    expectEnd(child, "DAEMON_FAILED");
  });
});

describe("a hostile image store", () => {
  function put(root: string, path: string, content: string | Uint8Array): void {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }

  const layer = "a".repeat(64);

  function store(split: Uint8Array): string {
    const root = join(folder, `store-${++count}`);
    const id = image.imageId.slice(7);
    put(root, "overlay-images/images.json", JSON.stringify([{ id, names: ["localhost/app:latest"], layer }]));
    put(root, `overlay-images/${id}/manifest`, image.manifest.bytes);
    put(root, `overlay-images/${id}/=${Buffer.from(image.imageId).toString("base64")}`, image.config.bytes);
    put(root, "overlay-layers/layers.json", JSON.stringify([{ id: layer }]));
    put(root, `overlay-layers/${layer}.tar-split.gz`, split);
    mkdirSync(join(root, "overlay", layer, "diff"), { recursive: true });
    return root;
  }

  function scanned(root: string): Promise<ChildResult> {
    const conf = `${root}.conf`;
    writeFileSync(conf, `[storage]\ngraphroot = "${root}"\n`);
    return runChild({ args: ["sbom", "crio://app"], env: { CONTAINERS_STORAGE_CONF: conf }, timeoutMs });
  }

  it("a tar-split of one line without an end", { timeout: timeoutMs }, async () => {
    const line = Buffer.concat([Buffer.from('{"type":2,"payload":"'), Buffer.alloc(256 * mebibyte, "A")]);
    expectEnd(await scanned(store(gzipSync(line, { level: 1 }))), "STORE_LAYER_UNREADABLE");
  });

  it("a tar-split that unpacks to zeros without an end", { timeout: timeoutMs }, async () => {
    const zeros = `${JSON.stringify({ type: 2, payload: Buffer.alloc(mebibyte).toString("base64") })}\n`;
    const child = await scanned(store(gzipSync(zeros.repeat(300), { level: 1 })));
    expectEnd(child, "DIFF_ID_MISMATCH");
  });

  it("lists of images made to fill memory", { timeout: timeoutMs }, async () => {
    const root = store(Buffer.alloc(0));
    put(root, "overlay-images/images.json", `${"[".repeat(3_000_000)}${"]".repeat(3_000_000)}`);
    expectEnd(await scanned(root), "STORE_INVALID");
    put(root, "overlay-images/images.json", `[${"[],".repeat(2_700_000)}[]]`);
    expectEnd(await scanned(root), "STORE_INVALID");
  });
});

describe("a hostile pipe", () => {
  const scanned = (stdin: Uint8Array) => runChild({ args: ["sbom", "-"], stdin, timeoutMs });

  it("a gigabyte of zeros, packed", { timeout: timeoutMs }, async () => {
    const bomb = gzipSync(Buffer.alloc(512 * mebibyte), { level: 1 });
    expectEnd(await scanned(bomb), "NOT_AN_ARCHIVE", 2);
  });

  it("an archive that is cut in the middle", { timeout: timeoutMs }, async () => {
    expectEnd(await scanned(dockerArchiveOf([image]).subarray(0, 700)), "TAR_TRUNCATED");
  });

  it("terminal escapes for an archive", { timeout: timeoutMs }, async () => {
    const child = await scanned(Buffer.from("\x1b]0;gotcha\x07".repeat(200)));
    expectEnd(child, "TAR_CORRUPT");
    expect(child.stderr).not.toContain("\x1b]0");
  });
});

/** Writes a chunk again and again until nobody takes it. */
function flood(stream: ServerResponse | ServerHttp2Stream, chunk: Buffer): void {
  const more = (): void => {
    while (!stream.destroyed && stream.write(chunk));
  };
  stream.on("drain", more).on("error", () => undefined);
  more();
}

/** A protocol buffers message of numbers, texts and messages. */
function message(...fields: readonly (readonly [number: number, value: number | string | Buffer])[]): Buffer {
  return Buffer.concat(
    fields.flatMap(([number, value]) => {
      if (typeof value === "number") return [varint(number * 8), varint(value)];
      const bytes = Buffer.from(value);
      return [varint(number * 8 + 2), varint(bytes.length), bytes];
    }),
  );
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let left = value;
  for (; left >= 128; left = Math.floor(left / 128)) bytes.push((left % 128) + 128);
  return Buffer.from([...bytes, left]);
}

function framed(bytes: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(bytes.length, 1);
  return Buffer.concat([head, bytes]);
}
