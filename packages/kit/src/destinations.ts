import type * as Net from "node:net";
import { kitError } from "./errors.ts";

// Only servers guard their way out: the command line need not load this for its start.
const net = (): typeof Net => process.getBuiltinModule("node:net");

/** Where a connection would go: the host as the address names it, and what it stands for now. */
interface Target {
  readonly host: string;
  readonly port: number;
  /** IPv4 or IPv6, as text. */
  readonly address: string;
}

/** Which addresses a client may connect to. */
export interface Destinations {
  /** What the address is that may not be asked, in words; `null`: it may. */
  refusal(target: Target): string | null;
}

interface Kind {
  readonly words: string;
  readonly ranges: readonly string[];
}

/** Where clouds tell machines their secrets: refused within any range that is allowed, unless named itself. */
const metadata: Kind = {
  words: "a cloud's metadata service",
  ranges: ["169.254.169.254", "169.254.170.2", "168.63.129.16", "100.100.100.200", "192.0.0.192", "fd00:ec2::254"],
};

/** What is no public address (IANA special-purpose registries for IPv4 and IPv6, RFC 6890), named by its most usual use. */
const kinds: readonly Kind[] = [
  metadata,
  { words: "this machine", ranges: ["127.0.0.0/8", "0.0.0.0/8", "::/127"] },
  { words: "a link-local address", ranges: ["169.254.0.0/16", "fe80::/10"] },
  {
    words: "an address of a private network",
    ranges: ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7", "fec0::/10"],
  },
  {
    words: "a reserved address",
    ranges: [
      ...["192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24"],
      ...["224.0.0.0/4", "240.0.0.0/4", "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"],
    ],
  },
];

/**
 * Public addresses, and of all others what `allowed` names: an address, a range (CIDR), a host, `*.` and a domain for
 * all hosts below it; each with `:port` or for all ports. What a rule allows by name may have any address but those of
 * clouds' metadata services. Throws BAD_DESTINATION_RULE.
 */
export function guardedDestinations(allowed: readonly string[]): Destinations {
  const rules = allowed.map(ruleOf);
  const refused = kinds.map(({ words, ranges }) => ({ words, list: listOf(ranges) }));
  const global = listOf(["2000::/3"]);
  const exempt = listOf(metadata.ranges);
  return {
    refusal({ host, port, address: text }) {
      const address = plainAddress(text);
      const family = familyOf(address);
      const kind = refused.find(({ list }) => list.check(address, family))?.words;
      // IPv6 has public addresses in one eighth of its space.
      const words = kind ?? (family === "ipv4" || global.check(address, family) ? null : "a reserved address");
      const isExempt = exempt.check(address, family);
      const isNamed = rules.some((rule) => (!isExempt || rule.isAddress) && rule.holds({ host, port, address }));
      return isNamed ? null : words;
    },
  };
}

interface Rule {
  /** One address, not a range or a name. */
  readonly isAddress: boolean;
  readonly holds: (target: Target) => boolean;
}

function ruleOf(text: string): Rule {
  const { name, port: wanted } = cutPort(text.trim().toLowerCase());
  const atPort = (holds: Rule["holds"]): Rule["holds"] =>
    wanted === null ? holds : (target) => target.port === wanted && holds(target);
  if (isRange(name)) {
    const list = listOf([name]);
    const isAddress = !name.includes("/");
    return { isAddress, holds: atPort(({ address }) => list.check(address, familyOf(address))) };
  }
  if (!/^(?:\*\.)?[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9])?$/.test(name)) {
    throw kitError("BAD_DESTINATION_RULE", { fields: { rule: text } });
  }
  const fits = (host: string) => (name.startsWith("*.") ? host.endsWith(name.slice(1)) : host === name);
  return { isAddress: false, holds: atPort(({ host }) => fits(host.toLowerCase().replace(/\.$/, ""))) };
}

/** `name:443`, `[::1]:443`; an IPv6 address without brackets has no port. */
function cutPort(text: string): { readonly name: string; readonly port: number | null } {
  const [, bracketed, plain, port] = /^(?:\[([^\]]*)\]|([^:]*))(?::(\d{1,5}))?$/.exec(text) ?? [];
  return { name: bracketed ?? plain ?? text, port: port === undefined ? null : Number(port) };
}

function isRange(name: string): boolean {
  const [address = "", bits, more] = name.split("/");
  const family = net().isIP(address);
  if (family === 0 || more !== undefined) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 6 ? 128 : 32));
}

function listOf(ranges: readonly string[]): Net.BlockList {
  const list = new (net().BlockList)();
  for (const range of ranges) {
    const [address = "", bits] = range.split("/");
    if (bits === undefined) list.addAddress(plainAddress(address), familyOf(plainAddress(address)));
    else list.addSubnet(address, Number(bits), familyOf(address));
  }
  return list;
}

function familyOf(address: string): "ipv4" | "ipv6" {
  return net().isIPv6(address) ? "ipv6" : "ipv4";
}

/** IPv4 addresses that IPv6 ones stand for (mapped, RFC 4291; translated, RFC 6052) in their own form; zones cut off. */
function plainAddress(text: string): string {
  const [bare = ""] = text.replace(/^\[|\]$/g, "").split("%");
  if (!net().isIPv6(bare)) return bare;
  const short = new URL(`http://[${bare}]`).hostname.slice(1, -1);
  const [, high, low] = /^(?:::ffff:|64:ff9b::)(?:([0-9a-f]{1,4}):)?([0-9a-f]{1,4})$/.exec(short) ?? [];
  if (low === undefined) return short;
  const number = Number.parseInt(high ?? "0", 16) * 65_536 + Number.parseInt(low, 16);
  return [24, 16, 8, 0].map((shift) => (number >>> shift) & 255).join(".");
}
