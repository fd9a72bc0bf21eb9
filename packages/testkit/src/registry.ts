import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Blob, TestImage } from "./image.ts";
import { type RegistryAuth, registryDoor } from "./registry-auth.ts";
import { FaultPlan, type RegistryFault, sendWith } from "./registry-faults.ts";

/** How the registry behaves; by default everybody may read and blobs come from the same host. */
export type TestRegistryOptions = {
  readonly auth?: RegistryAuth;
  /** Blobs are answered with a redirect (307) to a second host, as cloud registries do. */
  readonly redirectBlobs?: boolean;
};

/** One request as the registry or its blob host saw it. */
export type RecordedRequest = {
  readonly host: "registry" | "blobs";
  readonly method: string;
  readonly path: string;
  readonly authorization: string | null;
  readonly range: string | null;
};

/** A running OCI distribution server (pull side) on a loopback port. */
export type TestRegistry = AsyncDisposable & {
  /** `127.0.0.1:PORT`, the first part of references to its images. */
  readonly host: string;
  readonly requests: readonly RecordedRequest[];
  /** Stores an image under a tag and returns its reference. */
  readonly push: (repository: string, tag: string, image: TestImage) => string;
  /** Stores an index and its images under a tag and returns its reference. */
  readonly pushIndex: (repository: string, tag: string, content: { index: Blob; images: TestImage[] }) => string;
  readonly addFault: (fault: RegistryFault) => void;
  readonly expireTokens: () => void;
  readonly close: () => Promise<void>;
};

/** Starts a test registry; close it, or hold it with `await using`. */
export async function startTestRegistry(options: TestRegistryOptions = {}): Promise<TestRegistry> {
  const shelf = new Shelf();
  const faults = new FaultPlan();
  const requests: RecordedRequest[] = [];
  const blobs = options.redirectBlobs ? await listen((...pair) => serveBlobHost(...pair)) : null;
  const door = registryDoor(options.auth ?? { mode: "anonymous" }, () => main.host);
  const main = await listen((...pair) => serveRegistry(...pair));

  function serveRegistry(request: IncomingMessage, response: ServerResponse): void {
    requests.push(recordOf(request, "registry"));
    const path = pathOf(request);
    if (path === "/token") return door.issueToken(request, response);
    const fault = faults.take(`${request.method} ${path}`);
    if (fault?.kind === "status") return answerStatus(response, fault);
    if (!door.admits(request, response)) return;
    if (path === "/v2/" || path === "/v2") return void response.end("{}");
    if (blobs !== null && path.includes("/blobs/")) {
      response.writeHead(307, { location: `http://${blobs.host}/signed${path}?signature=secret` });
      return void response.end();
    }
    answerStored(request, response, { found: shelf.find(path), fault });
  }

  function serveBlobHost(request: IncomingMessage, response: ServerResponse): void {
    requests.push(recordOf(request, "blobs"));
    const path = pathOf(request).replace(/^\/signed/, "");
    const fault = faults.take(`${request.method} ${path}`);
    if (fault?.kind === "status") return answerStatus(response, fault);
    answerStored(request, response, { found: shelf.find(path), fault });
  }

  const close = async () => {
    await main.close();
    await blobs?.close();
  };
  return {
    host: main.host,
    requests,
    push: (repository, tag, image) => {
      shelf.putImage(repository, image);
      shelf.putManifest(repository, [tag], image.manifest);
      return `${main.host}/${repository}:${tag}`;
    },
    pushIndex: (repository, tag, { index, images }) => {
      for (const image of images) shelf.putImage(repository, image);
      shelf.putManifest(repository, [tag], index);
      return `${main.host}/${repository}:${tag}`;
    },
    addFault: (fault) => faults.add(fault),
    expireTokens: door.expireTokens,
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** What is stored, by request path. */
class Shelf {
  readonly #items = new Map<string, Blob>();

  putImage(repository: string, image: TestImage): void {
    for (const blob of [image.config, ...image.layers]) this.#items.set(`/v2/${repository}/blobs/${blob.digest}`, blob);
    this.putManifest(repository, [], image.manifest);
  }

  putManifest(repository: string, tags: readonly string[], manifest: Blob): void {
    for (const name of [manifest.digest, ...tags]) this.#items.set(`/v2/${repository}/manifests/${name}`, manifest);
  }

  find(path: string): Blob | null {
    return this.#items.get(decodeURIComponent(path)) ?? null;
  }
}

type Answer = { readonly found: Blob | null; readonly fault: RegistryFault | null };

function answerStored(request: IncomingMessage, response: ServerResponse, { found, fault }: Answer): void {
  if (found === null) {
    response.writeHead(404, { "content-type": "application/json" });
    response.end(JSON.stringify({ errors: [{ code: "MANIFEST_UNKNOWN", message: "not known to this registry" }] }));
    return;
  }
  const start = rangeStart(request.headers.range, found.bytes.length);
  const body = found.bytes.subarray(start);
  if (start > 0) {
    response.statusCode = 206;
    response.setHeader("content-range", `bytes ${start}-${found.bytes.length - 1}/${found.bytes.length}`);
  }
  response.setHeader("content-type", found.mediaType);
  response.setHeader("content-length", body.length);
  response.setHeader("docker-content-digest", found.digest);
  response.setHeader("accept-ranges", "bytes");
  if (request.method === "HEAD") response.end();
  else void sendWith(fault, { response, body });
}

function answerStatus(response: ServerResponse, fault: RegistryFault & { kind: "status" }): void {
  response.writeHead(fault.status, { "content-type": "application/json", ...fault.headers });
  response.end(JSON.stringify({ errors: [{ code: "UNAVAILABLE", message: "planned fault" }] }));
}

function rangeStart(range: string | undefined, length: number): number {
  const start = Number(/^bytes=(\d+)-$/.exec(range ?? "")?.[1] ?? 0);
  return start < length ? start : 0;
}

function recordOf(request: IncomingMessage, host: RecordedRequest["host"]): RecordedRequest {
  return {
    host,
    method: request.method ?? "",
    path: request.url ?? "",
    authorization: request.headers.authorization ?? null,
    range: request.headers.range ?? null,
  };
}

function pathOf(request: IncomingMessage): string {
  return (request.url ?? "").split("?", 1)[0] ?? "";
}

type Listening = { readonly host: string; readonly close: () => Promise<void> };

async function listen(serve: (request: IncomingMessage, response: ServerResponse) => void): Promise<Listening> {
  const server: Server = createServer(serve);
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    host: `127.0.0.1:${port}`,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
