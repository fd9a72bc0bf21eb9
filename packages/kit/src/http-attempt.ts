import * as http from "node:http";
import * as https from "node:https";
import { messageOf } from "./error.ts";
import { kitError } from "./errors.ts";
import type { HttpRequest } from "./http.ts";

export interface Agents {
  readonly http: http.Agent;
  readonly https: https.Agent;
}

export interface Attempt {
  readonly url: URL;
  readonly request: HttpRequest;
  readonly headers: Readonly<Record<string, string>>;
  readonly agents: Agents;
  readonly idleTimeoutMs: number;
}

/** One exchange without retries or redirects: resolves with the answer's head, the body unread. */
export function attemptOnce(attempt: Attempt): Promise<http.IncomingMessage> {
  const { url, request, idleTimeoutMs } = attempt;
  return new Promise((resolve, reject) => {
    const outgoing = send(attempt);
    outgoing.on("response", resolve);
    outgoing.on("timeout", () => outgoing.destroy(timeoutError(url, idleTimeoutMs)));
    outgoing.on("error", (cause) => reject(request.signal?.aborted ? request.signal.reason : networkError(url, cause)));
    outgoing.end(request.body);
  });
}

function send({ url, request, headers, agents, idleTimeoutMs }: Attempt): http.ClientRequest {
  const options: https.RequestOptions = {
    method: request.method ?? "GET",
    headers: { ...headers, ...(request.body !== undefined && { "content-length": Buffer.byteLength(request.body) }) },
    timeout: idleTimeoutMs,
    ...(request.signal !== undefined && { signal: request.signal }),
  };
  if (request.socketPath !== undefined) {
    const path = url.pathname + url.search;
    return http.request({ ...options, socketPath: request.socketPath, path, agent: false });
  }
  if (url.protocol === "https:") return https.request(url, { ...options, agent: agents.https });
  return http.request(url, { ...options, agent: agents.http });
}

export function timeoutError(url: URL, idleTimeoutMs: number): Error {
  return kitError("TIMEOUT", { fields: { host: url.host, seconds: Math.round(idleTimeoutMs / 1000) } });
}

const tlsCodes = /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|UNABLE_TO_GET_ISSUER|ERR_TLS|ERR_SSL|EPROTO/;

/** A socket error in our words; our own errors pass through. */
function networkError(url: URL, cause: Error & { code?: string }): Error {
  if (cause.name === "PlimsollError") return cause;
  const reason = cause.code ?? messageOf(cause);
  const host = url.host || "the local socket";
  if (tlsCodes.test(cause.code ?? "")) return kitError("TLS_FAILED", { fields: { host, reason }, cause });
  return kitError("HOST_UNREACHABLE", { fields: { host, reason: reasons[reason] ?? reason }, cause });
}

const reasons: Readonly<Record<string, string>> = {
  ENOTFOUND: "no such host",
  EAI_AGAIN: "the name cannot be looked up",
  ECONNREFUSED: "connection refused",
  ECONNRESET: "connection broken",
  EHOSTUNREACH: "no route to it",
  ENETUNREACH: "no network",
  EACCES: "permission denied",
  ENOENT: "no such socket",
};
