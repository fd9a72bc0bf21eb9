import type { IncomingMessage } from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import { PlimsollError } from "./error.ts";
import { kitError } from "./errors.ts";
import type { HttpClient, HttpConfig, HttpRequest, HttpResponse, TlsMaterial } from "./http.ts";
import { Agents, type Route } from "./http-agents.ts";
import { type Attempt, attemptOnce } from "./http-attempt.ts";
import { responseOf } from "./http-response.ts";

const retryStatuses: ReadonlySet<number> = new Set([429, 502, 503, 504]);
const redirectStatuses: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
/** Headers that speak for the user to one origin only (CVE-2022-27774 and its kin in other clients). */
const privateHeaders: ReadonlySet<string> = new Set(["authorization", "cookie", "proxy-authorization"]);
/** Longest wait for one request, all its retries together: who is told to come back later than that gets the answer now. */
const longestWaitMs = 90_000;

/** The HTTP client of the house; see {@link HttpClient}. Dispose it to close idle connections. */
export function createHttpClient(config: HttpConfig): HttpClient {
  let agents: Agents | null = null;
  return {
    request(request) {
      agents ??= new Agents(config);
      return withRetries(config, agents, request);
    },
    [Symbol.dispose]() {
      agents?.destroy();
    },
  };
}

async function withRetries(config: HttpConfig, agents: Agents, request: HttpRequest): Promise<HttpResponse> {
  const retries = request.retries ?? (isSafe(request) ? 3 : 0);
  let waitedMs = 0;
  for (let attempt = 0; ; attempt++) {
    request.signal?.throwIfAborted();
    const outcome = await followed(config, agents, request).catch((error: unknown) => error);
    const delayMs = attempt < retries ? retryDelay(outcome, attempt) : null;
    if (delayMs === null || waitedMs + delayMs > longestWaitMs) return settled(outcome);
    waitedMs += delayMs;
    if (isResponse(outcome)) outcome.discard();
    config.log?.debug("retrying a request", { host: hostOf(request.url), attempt: attempt + 1, delayMs });
    await (config.sleep ?? sleep)(delayMs, request.signal);
  }
}

function settled(outcome: unknown): HttpResponse {
  if (isResponse(outcome)) return outcome;
  throw outcome;
}

function isSafe(request: HttpRequest): boolean {
  return request.method === undefined || request.method === "GET" || request.method === "HEAD";
}

function isResponse(outcome: unknown): outcome is HttpResponse {
  return typeof outcome === "object" && outcome !== null && "discard" in outcome;
}

/** Faults that may be gone a moment later: a broken connection, silence for the first time. A name that does not exist is not one. */
function isPassing(thrown: unknown, attempt: number): boolean {
  if (!(thrown instanceof PlimsollError)) return false;
  if (thrown.code === "TIMEOUT") return attempt === 0;
  return thrown.code === "HOST_UNREACHABLE" && thrown.fields.reason === "connection broken";
}

/** How long to wait before the next attempt, ms; `null` = this outcome stands. */
function retryDelay(outcome: unknown, attempt: number): number | null {
  const ours = 500 * 2 ** attempt;
  if (!isResponse(outcome)) return isPassing(outcome, attempt) ? ours : null;
  if (!retryStatuses.has(outcome.status)) return null;
  return Math.max(retryAfter(outcome.headers) ?? ours, 0);
}

/** Retry-After in seconds or as a date (RFC 9110 section 10.2.3), in ms; `null` when absent or unreadable. */
function retryAfter(headers: Readonly<Record<string, string>>): number | null {
  const header = headers["retry-after"] ?? "";
  if (/^\d{1,6}$/.test(header)) return Number(header) * 1000;
  const until = Date.parse(header) - Date.parse(headers.date ?? "");
  return Number.isNaN(until) ? null : until;
}

async function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  await wait(ms, undefined, signal === undefined ? {} : { signal });
}

async function followed(config: HttpConfig, agents: Agents, request: HttpRequest): Promise<HttpResponse> {
  let url = readUrl(request.url);
  if (config.offline === true && request.socketPath === undefined) {
    throw kitError("OFFLINE", { fields: { url: url.origin } });
  }
  let headers = lowerCase({ "user-agent": config.userAgent, ...request.headers });
  let material = request.tls ?? null;
  const idleTimeoutMs = config.idleTimeoutMs ?? 30_000;
  for (let left = request.redirects ?? 5; ; left--) {
    const incoming = await exchanged(config, agents, { url, request, headers, material });
    const target = redirectTarget(url, request, incoming);
    if (target === null) return responseOf(incoming, url, { signal: request.signal, idleTimeoutMs });
    incoming.destroy();
    if (left <= 0) throw kitError("TOO_MANY_REDIRECTS", { fields: { host: url.host } });
    if (target.origin !== url.origin) {
      headers = withoutPrivate(headers);
      material = null;
    }
    url = target;
  }
}

/** A socket on this machine needs neither agent nor proxy. */
const localRoute: Route = { agent: undefined, proxy: null };

type Hop = Pick<Attempt, "url" | "request" | "headers"> & { readonly material: TlsMaterial | null };

/** One exchange; once more when a certificate failed and there are more authorities to ask. */
async function exchanged(config: HttpConfig, agents: Agents, hop: Hop): Promise<IncomingMessage> {
  const { url, request, material } = hop;
  const idle = config.idleTimeoutMs ?? 30_000;
  const usual = request.socketPath === undefined ? Math.min(config.answerTimeoutMs ?? 20_000, idle) : idle;
  const answerTimeoutMs = request.answerTimeoutMs ?? usual;
  const attempt = () => attemptOnce({ ...hop, route: routeOf(), answerTimeoutMs, guard: config });
  const routeOf = () => (request.socketPath === undefined ? agents.routeTo(url, material) : localRoute);
  try {
    return await attempt();
  } catch (error) {
    const isUntrusted = error instanceof PlimsollError && error.code === "TLS_FAILED";
    if (!isUntrusted || !agents.trustMore()) throw error;
    return attempt();
  }
}

/** Where the answer sends us; `null` when it is no redirect to follow. */
function redirectTarget(from: URL, request: HttpRequest, incoming: IncomingMessage): URL | null {
  const { location } = incoming.headers;
  const redirects = redirectStatuses.has(incoming.statusCode ?? 0) && request.redirects !== 0;
  if (location === undefined || !redirects || !isSafe(request)) return null;
  const target = URL.parse(location, from.href);
  const fault = faultOf(from, target);
  if (target !== null && fault === null) return target;
  incoming.destroy();
  throw kitError("UNSAFE_REDIRECT", { fields: { host: from.host, reason: fault ?? "" } });
}

function faultOf(from: URL, target: URL | null): string | null {
  if (target === null) return "unreadable address";
  if (target.protocol !== "https:" && target.protocol !== "http:") return `scheme ${target.protocol}`;
  return from.protocol === "https:" && target.protocol === "http:" ? "https to http" : null;
}

function withoutPrivate(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !privateHeaders.has(name)));
}

function lowerCase(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

function readUrl(text: string): URL {
  const url = URL.parse(text);
  if (url === null || (url.protocol !== "http:" && url.protocol !== "https:")) {
    throw kitError("BAD_URL", { fields: { url: text.replace(/\/\/[^/@]*@/, "//") } });
  }
  return url;
}

function hostOf(url: string): string {
  return URL.parse(url)?.host ?? "";
}
