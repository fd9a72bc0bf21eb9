import type * as Http from "node:http";
import type * as Https from "node:https";
import { messageOf } from "./error.ts";
import { kitError } from "./errors.ts";
import type { HttpRequest } from "./http.ts";
import type { Route } from "./http-agents.ts";
import { checkLiteral, type Guard, guardedLookup } from "./http-lookup.ts";

// See http-agents.ts for why these are not imports.
const http = (): typeof Http => process.getBuiltinModule("node:http");
const https = (): typeof Https => process.getBuiltinModule("node:https");

export interface Attempt {
  readonly url: URL;
  readonly request: HttpRequest;
  readonly headers: Readonly<Record<string, string>>;
  readonly route: Route;
  /** Longest wait for the answer's head. */
  readonly answerTimeoutMs: number;
  readonly guard: Guard;
}

/** One exchange without retries or redirects: resolves with the answer's head, the body unread. */
export function attemptOnce(attempt: Attempt): Promise<Http.IncomingMessage> {
  const { url, request, route, answerTimeoutMs, guard } = attempt;
  if (request.socketPath === undefined) checkLiteral(url, guard);
  return new Promise((resolve, reject) => {
    const outgoing = send(attempt);
    // Of the whole way to the head, so that a server that drips headers does not keep us either. A request that still
    // waits for its tunnel says nothing of being destroyed.
    const timer = setTimeout(() => {
      reject(timeoutError(url, answerTimeoutMs));
      outgoing.destroy();
    }, answerTimeoutMs);
    outgoing.on("close", () => clearTimeout(timer));
    outgoing.on("response", (incoming) => {
      clearTimeout(timer);
      if (route.proxy === null || incoming.statusCode !== 407) return resolve(incoming);
      outgoing.destroy();
      reject(kitError("PROXY_FAILED", { fields: { proxy: route.proxy, host: url.host, reason: "status 407" } }));
    });
    outgoing.on("error", (cause) => reject(request.signal?.aborted ? request.signal.reason : errorOf(attempt, cause)));
    outgoing.end(request.body);
  });
}

function send({ url, request, headers, route, answerTimeoutMs, guard }: Attempt): Http.ClientRequest {
  const options: Https.RequestOptions = {
    timeout: answerTimeoutMs,
    method: request.method ?? "GET",
    headers: { ...headers, ...(request.body !== undefined && { "content-length": Buffer.byteLength(request.body) }) },
    ...(request.signal !== undefined && { signal: request.signal }),
  };
  if (request.socketPath !== undefined) {
    const path = url.pathname + url.search;
    return http().request({ ...options, socketPath: request.socketPath, path, agent: false });
  }
  const { request: start } = url.protocol === "https:" ? https() : http();
  const lookup = route.proxy === null ? guardedLookup(url, guard) : undefined;
  return start(url, { ...options, agent: route.agent, ...(lookup !== undefined && { lookup }) });
}

export function timeoutError(url: URL, idleTimeoutMs: number): Error {
  return kitError("TIMEOUT", { fields: { host: url.host, seconds: Math.round(idleTimeoutMs / 1000) } });
}

const tlsCodes = /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|UNABLE_TO_GET_ISSUER|ERR_TLS|ERR_SSL/;

/** A socket error in our words; our own errors pass through. */
function errorOf({ url, route }: Attempt, cause: Error & { code?: string }): Error {
  if (cause.name === "PlimsollError") return cause;
  const code = cause.code ?? "";
  const host = url.host || "the local socket";
  const reason = reasons[code] ?? (/^HPE_/.test(code) ? "what answers is no HTTP" : code || messageOf(cause));
  if (tlsCodes.test(code)) return kitError("TLS_FAILED", { fields: { host, reason }, cause });
  if (route.proxy !== null && (code === "ERR_PROXY_TUNNEL" || unreachable.has(code))) {
    // Of the platform's message only the status: the rest is what the proxy says.
    const status = /HTTP\/1\.\d (\d{3})/.exec(cause.message)?.[1];
    const fields = { proxy: route.proxy, host, reason: status === undefined ? reason : `status ${status}` };
    return kitError("PROXY_FAILED", { fields, cause });
  }
  return kitError("HOST_UNREACHABLE", { fields: { host, reason }, cause });
}

const unreachable: ReadonlySet<string> = new Set([
  "ENOTFOUND",
  "EAI_AGAIN",
  "ECONNREFUSED",
  "EHOSTUNREACH",
  "ENETUNREACH",
]);

const reasons: Readonly<Record<string, string>> = {
  ERR_PROXY_TUNNEL: "it opens no tunnel",
  ENOTFOUND: "no such host",
  EAI_AGAIN: "the name cannot be looked up",
  ECONNREFUSED: "connection refused",
  ECONNRESET: "connection broken",
  EHOSTUNREACH: "no route to it",
  ENETUNREACH: "no network",
  EACCES: "permission denied",
  ENOENT: "no such socket",
  EPROTO: "what answers is not TLS, or of a kind that is not spoken here",
};
