import type * as Http from "node:http";
import type * as Https from "node:https";
import type * as Tls from "node:tls";
import type { HttpConfig, TlsMaterial } from "./http.ts";
import { proxyFor } from "./http-proxy.ts";

// An import of node:http costs every start 27 ms: it runs all getters of the module, and one of them loads fetch.
const http = (): typeof Http => process.getBuiltinModule("node:http");
const https = (): typeof Https => process.getBuiltinModule("node:https");
const tls = (): typeof Tls => process.getBuiltinModule("node:tls");

/** How a request leaves the house. */
export interface Route {
  readonly agent: Http.Agent | Https.Agent | undefined;
  /** Host of the proxy that it passes; `null`: none. */
  readonly proxy: string | null;
}

/** Node's clients with the connections they keep open: those through each proxy, and those with certificates of their own, apart. */
export class Agents {
  readonly #config: HttpConfig;
  readonly #agents = new Map<string, Http.Agent | Https.Agent>();
  readonly #materials = new Map<TlsMaterial, number>();
  #extra: readonly string[] | null = null;

  constructor(config: HttpConfig) {
    this.#config = config;
  }

  /** Throws PROXY_INVALID. */
  routeTo(url: URL, material: TlsMaterial | null): Route {
    const proxy = proxyFor(url, this.#config.proxyEnv ?? {});
    const isSecure = url.protocol === "https:";
    const key = `${isSecure ? `tls ${this.#numberOf(material)} ${this.#extra?.length ?? 0}` : "plain"} ${proxy?.href ?? ""}`;
    let agent = this.#agents.get(key);
    if (agent === undefined) {
      // Node applies rules of its own to NO_PROXY, without CIDR: whether a proxy serves was decided above.
      const proxyEnv = proxy === null ? {} : { proxyEnv: { HTTP_PROXY: proxy.href, HTTPS_PROXY: proxy.href } };
      const shared = { keepAlive: true, maxSockets: 16, ...proxyEnv };
      agent = isSecure
        ? new (https().Agent)({ ...shared, ...this.#trust(material ?? {}) })
        : new (http().Agent)(shared);
      this.#agents.set(key, agent);
    }
    return { agent, proxy: proxy?.host ?? null };
  }

  /** From now on the authorities of `extraCa` count too; whether that makes a difference. Only once a certificate failed: reading them takes time. */
  trustMore(): boolean {
    if (this.#extra !== null) return false;
    this.#extra = this.#config.extraCa?.() ?? [];
    return this.#extra.length > 0;
  }

  destroy(): void {
    for (const agent of this.#agents.values()) agent.destroy();
  }

  #numberOf(material: TlsMaterial | null): number {
    if (material === null) return -1;
    const number = this.#materials.get(material) ?? this.#materials.size;
    this.#materials.set(material, number);
    return number;
  }

  #trust({ ca = [], cert, key, insecure }: TlsMaterial): Https.AgentOptions {
    const rejectUnauthorized = this.#config.insecureTls !== true && insecure !== true;
    const more = [...(this.#extra ?? []), ...ca];
    const own = { ...(cert !== undefined && key !== undefined && { cert, key }) };
    if (more.length === 0) return { rejectUnauthorized, ...own };
    const trusted = { ca: [...tls().getCACertificates("default"), ...more] };
    return { rejectUnauthorized, secureContext: tls().createSecureContext({ ...trusted, ...own }) };
  }
}
