import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { Blob, TestImage } from "./image.ts";
import { type RegistryAuth, registryDoor } from "./registry-auth.ts";
import { FaultPlan, type RegistryFault } from "./registry-faults.ts";
import { answerReferrers, answerStored, Shelf } from "./registry-shelf.ts";
import { testCertificates } from "./test-certificates.ts";

/** How the registry behaves; by default everybody may read and blobs come from the same host. */
export type TestRegistryOptions = {
  readonly auth?: RegistryAuth;
  /** Blobs are answered with a redirect (307) to a second host, as cloud registries do. */
  readonly redirectBlobs?: boolean;
  /** Speaks https with {@link testCertificates}; `"client"`: only to clients with a certificate of their authority. */
  readonly tls?: true | "client";
  /** Answers `GET …/referrers/DIGEST` (distribution-spec 1.1); `"unfiltered"`: as servers do that ignore artifactType. */
  readonly referrers?: true | "unfiltered";
  /** Referrers on one page. */
  readonly referrersPage?: number;
  /** Answers every request with the whole body. */
  readonly ranges?: false;
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
  /** Stores a manifest under tags (none: by digest alone), and blobs beside it. */
  readonly put: (
    repository: string,
    tags: readonly string[],
    content: { manifest: Blob; blobs?: readonly Blob[] },
  ) => void;
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
  const main = await listen((...pair) => serveRegistry(...pair), options.tls);
  const { ranges = true, referrers, referrersPage = 100 } = options;

  function serveRegistry(request: IncomingMessage, response: ServerResponse): void {
    requests.push(recordOf(request, "registry"));
    const path = pathOf(request);
    if (path === "/token") return door.issueToken(request, response);
    const fault = faults.take(`${request.method} ${path}`);
    if (fault?.kind === "status") return answerStatus(response, fault);
    if (!door.admits(request, response)) return;
    if (path === "/v2/" || path === "/v2") return void response.end("{}");
    serveContent(request, response, fault);
  }

  function serveContent(request: IncomingMessage, response: ServerResponse, fault: RegistryFault | null): void {
    const path = pathOf(request);
    if (blobs !== null && path.includes("/blobs/")) {
      response.writeHead(307, { location: `http://${blobs.host}/signed${path}?signature=secret` });
      return void response.end();
    }
    const listing = { filters: referrers === true, page: referrersPage };
    if (referrers !== undefined && answerReferrers(shelf, { request, response }, listing)) return;
    answerStored(request, response, { found: shelf.find(path), fault, ranges });
  }

  function serveBlobHost(request: IncomingMessage, response: ServerResponse): void {
    requests.push(recordOf(request, "blobs"));
    const path = pathOf(request).replace(/^\/signed/, "");
    const fault = faults.take(`${request.method} ${path}`);
    if (fault?.kind === "status") return answerStatus(response, fault);
    answerStored(request, response, { found: shelf.find(path), fault, ranges });
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
    put: (repository, tags, { manifest, blobs = [] }) => {
      shelf.putBlobs(repository, blobs);
      shelf.putManifest(repository, tags, manifest);
    },
    addFault: (fault) => faults.add(fault),
    expireTokens: door.expireTokens,
    close,
    [Symbol.asyncDispose]: close,
  };
}

function answerStatus(response: ServerResponse, fault: RegistryFault & { kind: "status" }): void {
  response.writeHead(fault.status, { "content-type": "application/json", ...fault.headers });
  response.end(JSON.stringify({ errors: [{ code: "UNAVAILABLE", message: "planned fault" }] }));
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

async function listen(serve: RequestListener, tls?: true | "client"): Promise<Listening> {
  const { ca, server: own } = testCertificates;
  const asked = { ca, requestCert: true, rejectUnauthorized: true };
  const server =
    tls === undefined ? createServer(serve) : createSecureServer({ ...own, ...(tls === "client" && asked) }, serve);
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
