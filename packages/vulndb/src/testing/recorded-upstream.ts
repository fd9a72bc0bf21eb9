import { createHash } from "node:crypto";
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { createHttpClient, type HttpClient } from "@plimsoll/kit";

/** A document as an upstream serves it: with ETag, Last-Modified, 304 and ranges, unless told otherwise. */
export interface Served {
  readonly body: string | Uint8Array;
  /** Breaks the connection after so many bytes of the body. */
  readonly cutAt?: number;
  /** Default `strong`; `none` serves neither validators nor ranges. */
  readonly validators?: "strong" | "weak" | "none";
  /** Sends the body in chunks without saying how long it is. */
  readonly chunked?: boolean;
}

/** A fixed answer. */
export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface SeenRequest {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
}

/** Stands for every host of upstream: a URL `https://host/path` is served as `/host/path`. */
export interface RecordedUpstream extends AsyncDisposable {
  readonly seen: readonly SeenRequest[];
  /** What a path answers, one after the other; the last answer stays. */
  serve(path: string, ...answers: readonly (Served | Answer)[]): void;
  /** A client whose requests all go to this server; waits between attempts are noted in `slept` instead of slept. */
  readonly http: HttpClient;
  readonly slept: readonly number[];
}

/** Starts a recorded upstream on a free port of the loopback interface. */
export async function recordedUpstream(): Promise<RecordedUpstream> {
  const seen: SeenRequest[] = [];
  const slept: number[] = [];
  const answers = new Map<string, (Served | Answer)[]>();
  const server = createServer((request, response) => {
    const path = request.url ?? "";
    seen.push({ path, headers: request.headers });
    const queue = answers.get(path) ?? [];
    const answer = queue.length > 1 ? queue.shift() : queue[0];
    if (answer === undefined) response.writeHead(404).end("no such document");
    else if ("status" in answer) response.writeHead(answer.status, answer.headers).end(answer.body);
    else serveDocument(answer, request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const client = createHttpClient({
    userAgent: "plimsoll-test",
    sleep: async (ms) => {
      slept.push(ms);
    },
  });
  return {
    seen,
    slept,
    serve: (path, ...list) => void answers.set(path, [...list]),
    http: {
      request: (request) => client.request({ ...request, url: request.url.replace(/^https?:\//, base) }),
      [Symbol.dispose]: () => client[Symbol.dispose](),
    },
    async [Symbol.asyncDispose]() {
      client[Symbol.dispose]();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function serveDocument(served: Served, request: IncomingMessage, response: ServerResponse): void {
  const body = Buffer.from(served.body);
  const validators = validatorsOf(served, body);
  const etag = validators.etag;
  if (etag !== undefined && request.headers["if-none-match"] === etag) {
    response.writeHead(304, validators).end();
    return;
  }
  const from = rangeStart(served, request, etag);
  const part = body.subarray(from);
  const length = served.chunked ? {} : { "content-length": part.length };
  const range = from > 0 ? { "content-range": `bytes ${from}-${body.length - 1}/${body.length}` } : {};
  response.writeHead(from > 0 ? 206 : 200, { ...validators, ...length, ...range });
  if (served.cutAt === undefined) response.end(part);
  // A moment later: what has not been read when a connection breaks is lost to the reader.
  else
    response.write(part.subarray(0, Math.max(0, served.cutAt - from)), () => setTimeout(() => response.destroy(), 40));
}

function validatorsOf({ validators = "strong" }: Served, body: Buffer): Record<string, string> {
  if (validators === "none") return {};
  const tag = `"${createHash("sha256").update(body).digest("hex").slice(0, 16)}"`;
  const dated = { "last-modified": "Sun, 22 Nov 2026 06:00:00 GMT", "accept-ranges": "bytes" };
  return { ...dated, etag: validators === "weak" ? `W/${tag}` : tag };
}

function rangeStart({ validators }: Served, request: IncomingMessage, etag: string | undefined): number {
  const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? "")?.[1] ?? 0);
  const ifRange = request.headers["if-range"];
  const stillTheSame = ifRange === etag || (validators === "weak" && String(ifRange).startsWith("Sun,"));
  return validators !== "none" && stillTheSame ? start : 0;
}
