import type * as Http2 from "node:http2";
import type * as Net from "node:net";
import { messageOf } from "@plimsoll/kit";

// Loaded only where a socket is there to talk to.
const http2 = (): typeof Http2 => process.getBuiltinModule("node:http2");
const net = (): typeof Net => process.getBuiltinModule("node:net");

/** A call that ended with another status than OK, or did not get through. */
export class GrpcError extends Error {
  /** https://grpc.io/docs/guides/status-codes; -1: the connection failed or what answers is not gRPC. */
  readonly status: number;
  /** Of the connection: `ENOENT`, `EACCES`, `ECONNREFUSED` …; else `""`. */
  readonly system: string;

  constructor(status: number, message: string, system = "") {
    super(message);
    this.status = status;
    this.system = system;
  }
}

/** Status of what does not exist. */
export const notFound = 5;

export interface GrpcOptions {
  readonly socketPath: string;
  /** Longest message taken; bytes. */
  readonly messageBytes: number;
  /** Longest silence, and the window over which a stream has to keep a pace; ms. */
  readonly patienceMs: number;
}

export interface GrpcCall {
  /** `/package.Service/Method` */
  readonly method: string;
  readonly message: Buffer;
  readonly metadata: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/** Bytes per second below which answers are no answers but a way to keep us waiting. */
const slowest = 1000;
/** What an engine may send ahead: one message of a blob and then some. */
const windowBytes = 4 * 2 ** 20;

/**
 * A connection for gRPC calls over a Unix socket (gRPC over HTTP/2, PROTOCOL-HTTP2.md): requests of one message, answers
 * of one or many, no compression. Node's own HTTP/2 does the rest. Dispose it, or the process does not end.
 */
export class GrpcConnection implements Disposable {
  readonly #options: GrpcOptions;
  readonly #session: Http2.ClientHttp2Session;
  #failure: GrpcError | null = null;

  constructor(options: GrpcOptions) {
    this.#options = options;
    this.#session = http2().connect("http://localhost", {
      createConnection: () => net().connect(options.socketPath),
      settings: { enablePush: false, initialWindowSize: windowBytes },
      maxSessionMemory: 64,
    });
    this.#session.on("error", (error: Error & { code?: string }) => {
      this.#failure ??= new GrpcError(-1, messageOf(error), error.code ?? "");
    });
    this.#session.once("connect", () => this.#session.setLocalWindowSize(4 * windowBytes));
  }

  /** A call with one answer. */
  async unary(call: GrpcCall): Promise<Buffer> {
    for await (const message of this.stream(call)) return message;
    throw new GrpcError(-1, "it answered without a message");
  }

  /** A call with any number of answers; each is good until the next is asked for. */
  async *stream(call: GrpcCall): AsyncGenerator<Buffer, void, undefined> {
    if (this.#failure !== null) throw this.#failure;
    const request = this.#open(call);
    const outcome = outcomeOf(request);
    try {
      yield* messagesOf(request, this.#options);
    } catch (error) {
      call.signal?.throwIfAborted();
      throw this.#failure ?? asGrpcError(error);
    } finally {
      request.close(http2().constants.NGHTTP2_CANCEL);
    }
    const { status, message } = await outcome;
    if (status !== 0) throw this.#failure ?? new GrpcError(status, message);
  }

  [Symbol.dispose](): void {
    this.#session.destroy();
  }

  #open({ method, message, metadata, signal }: GrpcCall): Http2.ClientHttp2Stream {
    const headers = { ":method": "POST", ":path": method, "content-type": "application/grpc", te: "trailers" };
    const request = this.#session.request({ ...headers, ...metadata }, signal === undefined ? {} : { signal });
    const { patienceMs } = this.#options;
    request.setTimeout(patienceMs, () => request.destroy(new GrpcError(-1, `silence for ${patienceMs / 1000} s`)));
    const head = Buffer.alloc(5);
    head.writeUInt32BE(message.length, 1);
    request.end(Buffer.concat([head, message]));
    return request;
  }
}

interface Outcome {
  readonly status: number;
  readonly message: string;
}

/** Status and message, which come behind the answer, or in front of one that is empty. */
function outcomeOf(request: Http2.ClientHttp2Stream): Promise<Outcome> {
  return new Promise((resolve) => {
    let outcome: Outcome = { status: -1, message: "it ended the call without a status" };
    const note = (headers: Http2.IncomingHttpHeaders): void => {
      const status = headers["grpc-status"];
      if (status === undefined) return;
      const told = headers["grpc-message"];
      outcome = {
        status: /^\d{1,3}$/.test(String(status)) ? Number(status) : -1,
        message: String(told ?? "").slice(0, 500),
      };
    };
    request.once("response", (headers) => {
      const { ":status": status, "content-type": type = "" } = headers;
      if (status !== 200 || !type.startsWith("application/grpc")) {
        request.destroy(
          new GrpcError(-1, `status ${status} and type ${JSON.stringify(type.slice(0, 60))} are not gRPC`),
        );
      }
      note(headers);
    });
    request.once("trailers", note);
    request.once("close", () => resolve(outcome));
  });
}

/** Cuts the answer into messages. */
async function* messagesOf(
  request: Http2.ClientHttp2Stream,
  { messageBytes, patienceMs }: GrpcOptions,
): AsyncGenerator<Buffer, void, undefined> {
  const cutter = new MessageCutter(messageBytes);
  for await (const chunk of paced(request, patienceMs)) yield* cutter.push(chunk);
  if (cutter.isWithin) throw new GrpcError(-1, "it broke off within a message");
}

const headBytes = 5;

/** A flag, four bytes of length, the message; again and again. */
class MessageCutter {
  readonly #longest: number;
  #waiting: Buffer[] = [];
  #length = 0;
  #wanted = headBytes;

  constructor(longest: number) {
    this.#longest = longest;
  }

  get isWithin(): boolean {
    return this.#length > 0;
  }

  *push(chunk: Buffer): Generator<Buffer, void, undefined> {
    this.#waiting.push(chunk);
    this.#length += chunk.length;
    while (this.#length >= this.#wanted) {
      const bytes = Buffer.concat(this.#waiting, this.#length);
      const end = headBytes + this.#messageLength(bytes);
      const isWhole = bytes.length >= end;
      const rest = isWhole ? bytes.subarray(end) : bytes;
      this.#waiting = [rest];
      this.#length = rest.length;
      this.#wanted = isWhole ? headBytes : end;
      if (isWhole) yield bytes.subarray(headBytes, end);
    }
  }

  #messageLength(bytes: Buffer): number {
    if (bytes[0] !== 0) throw new GrpcError(-1, "it compresses its messages, unasked");
    const length = bytes.readUInt32BE(1);
    if (length > this.#longest) throw new GrpcError(-1, `a message of ${length} bytes is too large`);
    return length;
  }
}

/** Ends an answer that only drips, judged whenever a window was spent waiting for it. */
async function* paced(chunks: AsyncIterable<Buffer>, patienceMs: number): AsyncGenerator<Buffer, void, undefined> {
  let waitedMs = 0;
  let bytes = 0;
  let askedAt = performance.now();
  for await (const chunk of chunks) {
    waitedMs += performance.now() - askedAt;
    bytes += chunk.length;
    if (waitedMs > patienceMs) {
      if (bytes * 1000 < slowest * waitedMs) throw new GrpcError(-1, `it sends less than ${slowest} bytes a second`);
      waitedMs = 0;
      bytes = 0;
    }
    yield chunk;
    askedAt = performance.now();
  }
}

function asGrpcError(error: unknown): Error {
  if (error instanceof GrpcError) return error;
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  return new GrpcError(-1, messageOf(error), code);
}
