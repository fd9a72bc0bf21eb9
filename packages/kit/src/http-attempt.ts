import type * as Http from "node:http";
import type * as Https from "node:https";
import { messageOf } from "./error.ts";
import { kitError } from "./errors.ts";
import type { HttpConfig, HttpRequest } from "./http.ts";

/** Node's clients with the connections they keep open. */
export interface Agents {
  readonly http: Http.Agent;
  readonly https: Https.Agent;
}

// An import of node:http costs every start 27 ms: it runs all getters of the module, and one of them loads fetch.
const http = (): typeof Http => process.getBuiltinModule("node:http");
const https = (): typeof Https => process.getBuiltinModule("node:https");

/** Loads Node's clients: only a run that asks the network something needs them. */
export function openAgents({ proxyEnv, insecureTls }: HttpConfig): Agents {
  const shared = { keepAlive: true, maxSockets: 16, ...(proxyEnv !== undefined && { proxyEnv: { ...proxyEnv } }) };
  return {
    http: new (http().Agent)(shared),
    https: new (https().Agent)({ ...shared, rejectUnauthorized: insecureTls !== true }),
  };
}

export interface Attempt {
  readonly url: URL;
  readonly request: HttpRequest;
  readonly headers: Readonly<Record<string, string>>;
  readonly agents: Agents;
  readonly idleTimeoutMs: number;
}

/** One exchange without retries or redirects: resolves with the answer's head, the body unread. */
export function attemptOnce(attempt: Attempt): Promise<Http.IncomingMessage> {
  const { url, request, idleTimeoutMs } = attempt;
  return new Promise((resolve, reject) => {
    const outgoing = send(attempt);
    outgoing.on("response", resolve);
    outgoing.on("timeout", () => outgoing.destroy(timeoutError(url, idleTimeoutMs)));
    outgoing.on("error", (cause) => reject(request.signal?.aborted ? request.signal.reason : networkError(url, cause)));
    outgoing.end(request.body);
  });
}

function send({ url, request, headers, agents, idleTimeoutMs }: Attempt): Http.ClientRequest {
  const options: Https.RequestOptions = {
    method: request.method ?? "GET",
    headers: { ...headers, ...(request.body !== undefined && { "content-length": Buffer.byteLength(request.body) }) },
    timeout: idleTimeoutMs,
    ...(request.signal !== undefined && { signal: request.signal }),
  };
  if (request.socketPath !== undefined) {
    const path = url.pathname + url.search;
    return http().request({ ...options, socketPath: request.socketPath, path, agent: false });
  }
  if (url.protocol === "https:") return https().request(url, { ...options, agent: agents.https });
  return http().request(url, { ...options, agent: agents.http });
}

export function timeoutError(url: URL, idleTimeoutMs: number): Error {
  return kitError("TIMEOUT", { fields: { host: url.host, seconds: Math.round(idleTimeoutMs / 1000) } });
}

const tlsCodes = /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|UNABLE_TO_GET_ISSUER|ERR_TLS|ERR_SSL/;

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
  EPROTO: "what answers is not TLS, or of a kind that is not spoken here",
};
