import type * as Net from "node:net";
import { kitError } from "./errors.ts";

/** `HTTP_PROXY`, `HTTPS_PROXY`, `NO_PROXY`, in upper or lower case, as the user set them. */
export type ProxyEnv = Readonly<Record<string, string | undefined>>;

/**
 * The proxy through which an address is reached, with its credentials; `null`: none. As curl and Go's net/http do it:
 * lower case before upper case, this machine never through a proxy. Throws PROXY_INVALID for what is no http or https
 * address.
 */
export function proxyFor(url: URL, env: ProxyEnv): URL | null {
  const name = url.protocol === "https:" ? "https_proxy" : "http_proxy";
  const text = settingOf(env, name);
  if (text === "" || isLoopback(url.hostname) || isExempt(url, settingOf(env, "no_proxy"))) return null;
  const proxy = URL.parse(text.includes("://") ? text : `http://${text}`);
  if (proxy !== null && /^https?:$/.test(proxy.protocol) && proxy.hostname !== "") return proxy;
  throw kitError("PROXY_INVALID", { fields: { name: name.toUpperCase() } });
}

function settingOf(env: ProxyEnv, name: string): string {
  return (env[name] || env[name.toUpperCase()] || "").trim();
}

/** Whether a host, as URLs write it, is this machine. */
function isLoopback(host: string): boolean {
  return /^(?:localhost|.*\.localhost|127\.\d{1,3}\.\d{1,3}\.\d{1,3}|\[::1\])$/.test(host);
}

/** The rules of NO_PROXY: `*`; a name with all below it; `.name` or `*.name` below it alone; an address; addresses as CIDR; each with a port or for all. */
function isExempt(url: URL, rules: string): boolean {
  const host = url.hostname.replace(/^\[|\]$/g, "").replace(/\.$/, "");
  const port = url.port || (url.protocol === "https:" ? "443" : "80");
  return rules
    .toLowerCase()
    .split(/[\s,]+/)
    .some((rule) => rule !== "" && exempts(rule, host, port));
}

function exempts(rule: string, host: string, port: string): boolean {
  if (rule === "*") return true;
  const { name, wanted } = cutPort(rule);
  if (wanted !== null && wanted !== port) return false;
  if (name.includes("/")) return isWithin(name, host);
  const below = name.replace(/^\*?\./, ".");
  if (below.startsWith(".")) return host.endsWith(below);
  return host === name || host.endsWith(`.${name}`);
}

/** `[::1]:443`, `::1`, `name:443`, `10.0.0.0/8` */
function cutPort(rule: string): { readonly name: string; readonly wanted: string | null } {
  const bracketed = /^\[(.*)\](?::(\d+))?$/.exec(rule);
  if (bracketed !== null) return { name: bracketed[1] ?? "", wanted: bracketed[2] ?? null };
  const named = /^([^:]*):(\d+)$/.exec(rule);
  return named === null ? { name: rule, wanted: null } : { name: named[1] ?? "", wanted: named[2] ?? null };
}

function isWithin(range: string, host: string): boolean {
  const net: typeof Net = process.getBuiltinModule("node:net");
  const [address = "", bits = ""] = range.split("/");
  const family = net.isIPv6(address) ? "ipv6" : "ipv4";
  const most = family === "ipv6" ? 128 : 32;
  if (net.isIP(address) === 0 || net.isIP(host) === 0 || !/^\d{1,3}$/.test(bits) || Number(bits) > most) return false;
  const list = new net.BlockList();
  list.addSubnet(address, Number(bits), family);
  return list.check(host, net.isIPv6(host) ? "ipv6" : "ipv4");
}
