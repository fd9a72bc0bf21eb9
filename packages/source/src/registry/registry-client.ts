import { type HttpClient, type HttpResponse, type Log, PlimsollError } from "@plimsoll/kit";
import { sourceError } from "../errors.ts";
import { objectOf, textOf } from "../image/json.ts";
import { type Challenge, parseChallenge } from "./challenge.ts";
import type { Credentials } from "./credentials.ts";

export interface RegistryClientOptions {
  readonly http: HttpClient;
  /** As references name it. */
  readonly registry: string;
  readonly repository: string;
  /** Asked once, and only when the registry wants to know who asks. */
  readonly credentials: () => Promise<Credentials | null>;
  /** http allowed also to other hosts than this machine. */
  readonly insecureHttp: boolean;
  readonly log: Log;
}

export interface RegistryGet {
  readonly accept?: string;
  readonly range?: string;
  readonly signal?: AbortSignal | undefined;
}

const tokenBytes = 1024 * 1024;

/**
 * One repository of one registry (OCI distribution-spec, pull). Finds out by itself whether to speak https or http and
 * how to log in: nothing, Basic, or a Bearer token for pulling from this repository alone. Credentials go to the
 * registry and to the token server it names, tokens to the registry only.
 */
export class RegistryClient {
  readonly #options: RegistryClientOptions;
  #base: Promise<string> | null = null;
  #authorization: Promise<string | null> | null = null;
  #credentials: Promise<Credentials | null> | null = null;

  constructor(options: RegistryClientOptions) {
    this.#options = options;
  }

  /** GET below `/v2/REPOSITORY/`; logs in when asked to. Any other status than 200, 206 and 404 throws. */
  async get(path: string, get: RegistryGet = {}): Promise<HttpResponse> {
    this.#base ??= this.#findBase();
    const url = `${await this.#base}/v2/${this.#options.repository}/${path}`;
    const used = this.#authorization;
    let response = await this.#request(url, get, await used);
    if (response.status === 401) {
      // Once more with a fresh login: the first time of all, or because a token expired.
      const authorization = this.#logIn(used, response.headers["www-authenticate"] ?? "");
      await readAway(response);
      response = await this.#request(url, get, await authorization);
    }
    if (response.status === 200 || response.status === 206 || response.status === 404) return response;
    response.discard();
    throw await this.#refusal(response.status);
  }

  #request(url: string, get: RegistryGet, authorization: string | null): Promise<HttpResponse> {
    return this.#options.http.request({
      url,
      headers: {
        ...(get.accept !== undefined && { accept: get.accept }),
        ...(get.range !== undefined && { range: get.range }),
        ...(authorization !== null && { authorization }),
      },
      ...(get.signal !== undefined && { signal: get.signal }),
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
    const credentials = await this.#credentials;
    if (challenge.scheme === "bearer") return `Bearer ${await this.#token(challenge, credentials)}`;
    return credentials?.kind === "password" ? basicOf(credentials) : null;
  }

  async #token(challenge: Challenge & { scheme: "bearer" }, credentials: Credentials | null): Promise<string> {
    const realm = await this.#realmOf(challenge.realm);
    const scope = `repository:${this.#options.repository}:pull`;
    const params = new URLSearchParams({ ...(challenge.service !== null && { service: challenge.service }), scope });
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

  #tokenRequest(realm: URL, params: URLSearchParams, credentials: Credentials | null): Promise<HttpResponse> {
    const { http } = this.#options;
    if (credentials?.kind === "identity-token") {
      params.set("grant_type", "refresh_token");
      params.set("refresh_token", credentials.token);
      params.set("client_id", "plimsoll");
      const headers = { "content-type": "application/x-www-form-urlencoded" };
      return http.request({ url: realm.href, method: "POST", headers, body: params.toString(), retries: 2 });
    }
    for (const [name, value] of params) realm.searchParams.set(name, value);
    const headers = credentials === null ? {} : { authorization: basicOf(credentials) };
    return http.request({ url: realm.href, headers });
  }

  /** The token server may be another host, but never one spoken to in the clear when the registry is not. */
  async #realmOf(text: string): Promise<URL> {
    const realm = URL.parse(text);
    const base = await this.#base;
    if (realm === null || realm.username !== "" || realm.password !== "") {
      throw this.#error("REGISTRY_BAD_ANSWER", { reason: "the address of its token server is not usable" });
    }
    const isClear = realm.protocol === "http:" && base?.startsWith("http:") === true;
    if (realm.protocol !== "https:" && !isClear) {
      throw this.#error("REGISTRY_BAD_ANSWER", { reason: "its token server does not use https" });
    }
    return realm;
  }

  async #refusal(status: number): Promise<Error> {
    if (status === 401 || status === 403) {
      const known = await this.#credentials;
      return this.#error(known === null ? "CREDENTIALS_MISSING" : "ACCESS_DENIED", {});
    }
    return this.#error(status === 429 ? "RATE_LIMITED" : "REGISTRY_FAILED", { status });
  }

  /** `https://HOST` or `http://HOST`. Errors of the last scheme tried come through. */
  async #findBase(): Promise<string> {
    const host = hostOf(this.#options.registry);
    const schemes = schemesFor(host, this.#options.insecureHttp);
    if (schemes.length === 1) return `https://${host}`;
    let last: unknown;
    for (const scheme of schemes) {
      const base = `${scheme}://${host}`;
      try {
        const response = await this.#options.http.request({ url: `${base}/v2/`, retries: 1 });
        await readAway(response);
        // A TLS port answers plain http with 400.
        if (scheme === "http" && response.status === 400) continue;
        return base;
      } catch (error) {
        if (!(error instanceof PlimsollError)) throw error;
        last = error;
      }
      this.#options.log.debug("registry does not speak this scheme", { registry: host, scheme });
    }
    throw last ?? this.#error("REGISTRY_BAD_ANSWER", { reason: "it speaks neither http nor https" });
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
