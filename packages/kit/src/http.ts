import type { LookupAddress } from "node:dns";
import type { Destinations } from "./destinations.ts";
import type { ProxyEnv } from "./http-proxy.ts";
import type { Log } from "./log.ts";

/** Everything the client needs from outside; nothing is read from the environment here. */
export interface HttpConfig {
  /** True: every request throws OFFLINE (air gap, `--offline-analyzer`). */
  readonly offline?: boolean;
  /** `HTTP_PROXY`, `HTTPS_PROXY`, `NO_PROXY` as the user set them: CONNECT for https, absolute addresses for http. */
  readonly proxyEnv?: ProxyEnv;
  /** Authorities trusted besides Node's own, PEM; asked once, when a certificate could not be verified without them. */
  readonly extraCa?: () => readonly string[];
  /** No TLS verification (`--skiptlsverify`). */
  readonly insecureTls?: boolean;
  readonly userAgent: string;
  /**
   * Which addresses may be connected to, asked of every connection: after names are looked up, and of every redirect.
   * Where a proxy serves it looks names up itself, and only addresses that stand in the URL are asked about. Absent: all.
   */
  readonly destinations?: Destinations;
  /** Addresses of a name; default: as this machine looks names up. Used with `destinations` alone. */
  readonly lookup?: (host: string) => Promise<readonly LookupAddress[]>;
  /** Longest silence between two chunks of a body; ms. Default 30,000. */
  readonly idleTimeoutMs?: number;
  /** Longest wait for connection and headers; ms. Default 20,000, never more than `idleTimeoutMs`. On a local socket `idleTimeoutMs` holds. */
  readonly answerTimeoutMs?: number;
  /** Waiting between attempts; passed in so that tests do not wait. */
  readonly sleep?: (ms: number, signal?: AbortSignal) => Promise<void>;
  readonly log?: Log;
}

/** Certificates for one host. */
export interface TlsMaterial {
  /** Authorities trusted besides all others, PEM. */
  readonly ca?: readonly string[];
  /** The client's own certificate and key, PEM. */
  readonly cert?: string;
  readonly key?: string;
  /** No verification for this host. */
  readonly insecure?: boolean;
}

export interface HttpRequest {
  readonly url: string;
  /** Default GET. */
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  readonly signal?: AbortSignal;
  /** Unix socket instead of a TCP connection (Docker Engine). */
  readonly socketPath?: string;
  /** For the host of `url` alone, not for those it redirects to. The same object for every request. */
  readonly tls?: TlsMaterial;
  /** Longest wait for connection and headers, ms; for servers that work for long before they answer. Default: the client's. */
  readonly answerTimeoutMs?: number;
  /** Attempts after the first on 429, 502, 503, 504 and broken connections, with `Retry-After` or 0.5, 1, 2… s; after silence at most one. Default 3 for GET and HEAD, else 0. */
  readonly retries?: number;
  /** Redirects followed for GET and HEAD; `Authorization` and `Cookie` never travel to another host, port or scheme. https never falls to http. Default 5. */
  readonly redirects?: number;
}

export interface HttpResponse {
  readonly status: number;
  /** Lower-case names; repeated headers joined with ", ". */
  readonly headers: Readonly<Record<string, string>>;
  /** Where the answer came from after redirects. */
  readonly url: string;
  /** The body as it comes. Not read to its end → call `discard`. */
  readonly body: AsyncIterable<Uint8Array>;
  /** The whole body; throws BODY_TOO_LARGE beyond `limitBytes`. */
  bytes(limitBytes: number): Promise<Uint8Array>;
  text(limitBytes: number): Promise<string>;
  /** Parsed JSON of a body of at most `limitBytes`; throws BAD_JSON. */
  json(limitBytes: number): Promise<unknown>;
  discard(): void;
}

/** The one way out of the house. Answers of any status are values; only no answer at all throws (`HOST_UNREACHABLE`, `TIMEOUT`, `TLS_FAILED`, `PROXY_FAILED`, `TOO_MANY_REDIRECTS`, `OFFLINE`). */
export interface HttpClient extends Disposable {
  request(request: HttpRequest): Promise<HttpResponse>;
}
