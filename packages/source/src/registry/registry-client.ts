import { type HttpClient, type HttpResponse, type Log, PlimsollError, type TlsMaterial } from "@plimsoll/kit";
import { sourceError } from "../errors.ts";
import { objectOf, textOf } from "../image/json.ts";
import { type Challenge, parseChallenge } from "./challenge.ts";
import type { Credentials, CredentialsAnswer } from "./credentials.ts";

export interface RegistryClientOptions {
  readonly http: HttpClient;
  /** As references name it. */
  readonly registry: string;
  /** Empty: only {@link RegistryClient.ping} is of use. */
  readonly repository: string;
  /** Asked once, and only when the registry wants to know who asks. */
  readonly credentials: () => Promise<CredentialsAnswer>;
  /** http allowed also to other hosts than this machine. */
  readonly insecureHttp: boolean;
  /** Certificates for this registry's host. */
  readonly tls?: TlsMaterial;
  /** Attempts after the first; default: the HTTP client's. */
  readonly retries?: number;
  /** Logs in for writing too. */
  readonly forPush?: boolean;
  readonly log: Log;
}

export interface RegistryGet {
  readonly accept?: string;
  readonly range?: string;
  readonly signal?: AbortSignal | undefined;
}

/** A request that is no plain GET. */
export interface RegistrySend {
  readonly method: "HEAD" | "POST" | "PUT";
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  readonly signal?: AbortSignal | undefined;
}

interface Ask extends Partial<RegistrySend> {
  readonly headers: Readonly<Record<string, string>>;
}

const tokenBytes = 1024 * 1024;

/**
 * One repository of one registry (OCI distribution-spec, pull and push). Finds out by itself whether to speak https or http and
 * how to log in: nothing, Basic, or a Bearer token for this repository alone. Credentials go to the
 * registry and to the token server it names, tokens to the registry only.
 */
export class RegistryClient {
  readonly #options: RegistryClientOptions;
  #base: Promise<string> | null = null;
  #authorization: Promise<string | null> | null = null;
  #credentials: Promise<CredentialsAnswer> | null = null;

  constructor(options: RegistryClientOptions) {
    this.#options = options;
  }

  get repository(): string {
    return this.#options.repository;
  }

  /** GET below `/v2/REPOSITORY/`; logs in when asked to. Any other status than 200, 206 and 404 throws. */
  async get(path: string, get: RegistryGet = {}): Promise<HttpResponse> {
    const url = `${await this.#findBase()}/v2/${this.#options.repository}/${path}`;
    const { accept, range, signal } = get;
    const headers = { ...(accept !== undefined && { accept }), ...(range !== undefined && { range }) };
    const response = await this.#loggedIn(url, { headers, signal });
    if (response.status === 200 || response.status === 206 || response.status === 404) return response;
    response.discard();
    throw await this.#refusal(response.status);
  }

  /** Whether the registry wanted to know who asks. */
  get hasLoggedIn(): boolean {
    return this.#credentials !== null;
  }

  /** Asks the registry whether it is one and lets us in (distribution-spec, "Determining Support"). Any other status than 200 throws. */
  async ping(): Promise<void> {
    const response = await this.#loggedIn(`${await this.#findBase()}/v2/`, { headers: {} });
    await readAway(response);
    if (response.status === 404) throw this.#error("REGISTRY_BAD_ANSWER", { reason: "it has no /v2/" });
    if (response.status !== 200) throw await this.#refusal(response.status);
  }

  /**
   * Another request below `/v2/REPOSITORY/`, or to the address that an upload was told to go to; on another host than the
   * registry's it carries no login. 2xx and 404 are answers, any other status throws.
   */
  async send(where: string, { headers = {}, ...rest }: RegistrySend): Promise<HttpResponse> {
    const base = await this.#findBase();
    const url = URL.parse(where, `${base}/v2/${this.#options.repository}/`);
    if (url === null || !/^https?:$/.test(url.protocol) || (base.startsWith("https:") && url.protocol === "http:")) {
      throw this.#error("REGISTRY_BAD_ANSWER", { reason: "the address for an upload is not usable" });
    }
    const isOurs = url.origin === new URL(base).origin;
    const ask = { ...rest, headers };
    const response = await (isOurs ? this.#loggedIn(url.href, ask) : this.#request(url.href, ask, null));
    if ((response.status >= 200 && response.status < 300) || response.status === 404) return response;
    response.discard();
    throw await this.#refusal(response.status);
  }

  /** Once more with a fresh login after a refusal: the first time of all, or because a token expired. */
  async #loggedIn(url: string, ask: Ask): Promise<HttpResponse> {
    const used = this.#authorization;
    const response = await this.#request(url, ask, await used);
    if (response.status !== 401) return response;
    const authorization = this.#logIn(used, response.headers["www-authenticate"] ?? "");
    await readAway(response);
    return this.#request(url, ask, await authorization);
  }

  #request(url: string, { method, headers, body, signal }: Ask, authorization: string | null): Promise<HttpResponse> {
    const { http, retries } = this.#options;
    return http.request({
      url,
      ...this.#tlsFor(url),
      ...(retries !== undefined && { retries }),
      ...(method !== undefined && { method }),
      ...(body !== undefined && { body }),
      headers: { ...headers, ...(authorization !== null && { authorization }) },
      ...(signal !== undefined && { signal }),
    });
  }

  /** Requests in flight share one login. */
  #logIn(used: Promise<string | null> | null, header: string): Promise<string | null> {
    if (this.#authorization === used) this.#authorization = this.#authorize(parseChallenge(header));
    return this.#authorization ?? Promise.resolve(null);
  }

  async #authorize(challenge: Challenge | null): Promise<string | null> {
    if (challenge === null) return null;
    this.#credentials ??= this.#options.credentials();
    const { credentials } = await this.#credentials;
    if (credentials?.kind === "access-token") return `Bearer ${credentials.token}`;
    if (challenge.scheme === "bearer") return `Bearer ${await this.#token(challenge, credentials)}`;
    return credentials?.kind === "password" ? basicOf(credentials) : null;
  }

  async #token(challenge: Challenge & { scheme: "bearer" }, credentials: Credentials | null): Promise<string> {
    const realm = await this.#realmOf(challenge.realm);
    const { service } = challenge;
    const params = new URLSearchParams({ ...(service !== null && { service }), ...this.#scope() });
    const response = await this.#tokenRequest(realm, params, credentials);
    if (response.status !== 200) {
      response.discard();
      throw await this.#refusal(response.status === 400 ? 401 : response.status);
    }
    const answer = objectOf(await response.json(tokenBytes));
    const token = textOf(answer?.token) || textOf(answer?.access_token);
    // It becomes part of a header.
    if (/^[\x21-\x7e]+$/.test(token)) return token;
    throw this.#error("REGISTRY_BAD_ANSWER", { reason: "its token server gave no token" });
  }

  /** None without a repository: then a token says who we are, and no more. */
  #scope(): { readonly scope?: string } {
    const { repository, forPush } = this.#options;
    return repository === "" ? {} : { scope: `repository:${repository}:pull${forPush === true ? ",push" : ""}` };
  }

  #tokenRequest(realm: URL, params: URLSearchParams, credentials: Credentials | null): Promise<HttpResponse> {
    const { http } = this.#options;
    const common = this.#tlsFor(realm.href);
    if (credentials?.kind === "identity-token") {
      params.set("grant_type", "refresh_token");
      params.set("refresh_token", credentials.token);
      params.set("client_id", "plimsoll");
      const headers = { "content-type": "application/x-www-form-urlencoded" };
      return http.request({ ...common, url: realm.href, method: "POST", headers, body: params.toString(), retries: 2 });
    }
    for (const [name, value] of params) realm.searchParams.set(name, value);
    const headers = credentials?.kind === "password" ? { authorization: basicOf(credentials) } : {};
    return http.request({ ...common, url: realm.href, headers });
  }

  /** The token server may be another host, but never one spoken to in the clear when the registry is not. */
  async #realmOf(text: string): Promise<URL> {
    const realm = URL.parse(text);
    const base = await this.#findBase();
    if (realm === null || realm.username !== "" || realm.password !== "") {
      throw this.#error("REGISTRY_BAD_ANSWER", { reason: "the address of its token server is not usable" });
    }
    const isClear = realm.protocol === "http:" && base.startsWith("http:");
    if (realm.protocol !== "https:" && !isClear) {
      throw this.#error("REGISTRY_BAD_ANSWER", { reason: "its token server does not use https" });
    }
    return realm;
  }

  async #refusal(status: number): Promise<Error> {
    if (status === 401 || status === 403) {
      const known = await this.#credentials;
      const hint = known === null || known.fault === null ? "" : ` (${known.fault})`;
      return this.#error(known?.credentials ? "ACCESS_DENIED" : "CREDENTIALS_MISSING", { hint, status });
    }
    return this.#error(status === 429 ? "RATE_LIMITED" : "REGISTRY_FAILED", { status });
  }

  /** What requests to the registry's own host carry, and no others: a token server has certificates of its own. */
  #tlsFor(url: string): { readonly tls?: TlsMaterial } {
    const { tls, registry } = this.#options;
    return tls !== undefined && URL.parse(url)?.host === URL.parse(`https://${hostOf(registry)}`)?.host ? { tls } : {};
  }

  #findBase(): Promise<string> {
    this.#base ??= this.#tryBases();
    return this.#base;
  }

  /** `https://HOST` or `http://HOST`. Errors of the last scheme tried come through. */
  async #tryBases(): Promise<string> {
    const host = hostOf(this.#options.registry);
    const schemes = schemesFor(host, this.#options.insecureHttp);
    if (schemes.length === 1) return `https://${host}`;
    let last: unknown;
    for (const scheme of schemes) {
      const base = `${scheme}://${host}`;
      const status = await this.#statusOf(`${base}/v2/`).catch((error: unknown) => {
        // What is silent in one language is so in the other.
        if (!(error instanceof PlimsollError) || error.code === "TIMEOUT") throw error;
        last = error;
        return null;
      });
      // A TLS port answers plain http with 400.
      if (status !== null && !(scheme === "http" && status === 400)) return base;
      this.#options.log.debug("registry does not speak this scheme", { registry: host, scheme });
    }
    throw last ?? this.#error("REGISTRY_BAD_ANSWER", { reason: "it speaks neither http nor https" });
  }

  async #statusOf(url: string): Promise<number> {
    const { http, retries = 1 } = this.#options;
    const response = await http.request({ url, ...this.#tlsFor(url), retries: Math.min(1, retries) });
    await readAway(response);
    return response.status;
  }

  #error(code: RefusalCode, fields: Readonly<Record<string, string | number>>): Error {
    const { registry, repository } = this.#options;
    return sourceError(code, { fields: { registry, repository, ...fields } });
  }
}

/** Short answers are read to their end: the connection, and its TLS handshake, serve again. */
async function readAway(response: HttpResponse): Promise<void> {
  await response.bytes(65_536).catch(() => response.discard());
}

type RefusalCode = "CREDENTIALS_MISSING" | "ACCESS_DENIED" | "RATE_LIMITED" | "REGISTRY_FAILED" | "REGISTRY_BAD_ANSWER";

/** Docker Hub's registry lives under another name than its images. */
function hostOf(registry: string): string {
  return registry === "docker.io" ? "registry-1.docker.io" : registry;
}

function schemesFor(host: string, insecureHttp: boolean): readonly ("http" | "https")[] {
  if (isLoopback(host)) return ["http", "https"];
  return insecureHttp ? ["https", "http"] : ["https"];
}

/** Whether a host (with port) is this machine. */
function isLoopback(host: string): boolean {
  const name = host.replace(/:\d+$/, "").toLowerCase();
  return name === "localhost" || name === "[::1]" || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(name);
}

function basicOf({ user, password }: { readonly user: string; readonly password: string }): string {
  return `Basic ${Buffer.from(`${user}:${password}`, "utf8").toString("base64")}`;
}
