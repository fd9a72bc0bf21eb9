import type { IncomingMessage } from "node:http";
import { elapsedMs } from "./clock.ts";
import { messageOf } from "./error.ts";
import { kitError } from "./errors.ts";
import type { HttpResponse } from "./http.ts";
import { timeoutError } from "./http-attempt.ts";

export interface Patience {
  readonly signal: AbortSignal | undefined;
  /** Longest silence within the body. */
  readonly idleTimeoutMs: number;
}

/** Wraps an answer's head; the body is read by exactly one of body, bytes, text, json. */
export function responseOf(incoming: IncomingMessage, url: URL, patience: Patience): HttpResponse {
  const host = url.host;
  const { idleTimeoutMs } = patience;
  incoming.setTimeout(idleTimeoutMs, () => incoming.destroy(timeoutError(url, idleTimeoutMs)));
  const body = wholeBody(incoming, host, patience);
  const bytes = (limit: number) => collect(incoming, body, { host, limit });
  const text = async (limit: number) => Buffer.from(await bytes(limit)).toString("utf8");
  return {
    status: incoming.statusCode ?? 0,
    headers: plainHeaders(incoming),
    url: url.href,
    body,
    bytes,
    text,
    json: async (limit) => parseJson(await text(limit), host),
    discard: () => void incoming.destroy(),
  };
}

function plainHeaders(incoming: IncomingMessage): Record<string, string> {
  const pairs = Object.entries(incoming.headersDistinct);
  return Object.fromEntries(pairs.map(([name, values]) => [name, (values ?? []).join(", ")]));
}

/** The chunks as they come; a connection that ends early is an error, never a short body. Throws BODY_BROKEN, TIMEOUT, TOO_SLOW. */
async function* wholeBody(
  incoming: IncomingMessage,
  host: string,
  { signal, idleTimeoutMs }: Patience,
): AsyncGenerator<Uint8Array> {
  try {
    yield* paced(incoming, host, 2 * idleTimeoutMs);
  } catch (cause) {
    if (signal?.aborted) throw signal.reason;
    if (cause instanceof Error && cause.name === "PlimsollError") throw cause;
    throw kitError("BODY_BROKEN", { fields: { host }, cause });
  }
  if (!incoming.complete) throw kitError("BODY_BROKEN", { fields: { host } });
}

/** Bytes per second below which a body is no download but a way to keep us waiting for ever. */
const slowest = 1000;

/** Ends a body that only drips, judged whenever `windowMs` were spent waiting for it. */
async function* paced(chunks: AsyncIterable<Buffer>, host: string, windowMs: number): AsyncGenerator<Uint8Array> {
  let waitedMs = 0;
  let bytes = 0;
  let askedAt = elapsedMs();
  for await (const chunk of chunks) {
    // What the reader takes to work on a chunk is not the server's fault, and not counted.
    waitedMs += elapsedMs() - askedAt;
    bytes += chunk.length;
    if (waitedMs > windowMs) {
      if (bytes * 1000 < slowest * waitedMs) throw kitError("TOO_SLOW", { fields: { host, slowest } });
      waitedMs = 0;
      bytes = 0;
    }
    yield chunk;
    askedAt = elapsedMs();
  }
}

interface Cap {
  readonly host: string;
  readonly limit: number;
}

async function collect(incoming: IncomingMessage, body: AsyncIterable<Uint8Array>, cap: Cap): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > cap.limit) {
      incoming.destroy();
      throw kitError("BODY_TOO_LARGE", { fields: { ...cap } });
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size);
}

function parseJson(text: string, host: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw kitError("BAD_JSON", { fields: { host, reason: messageOf(cause) }, cause });
  }
}
