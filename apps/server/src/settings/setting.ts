import { BlockList, isIP } from "node:net";
import { guardedDestinations, messageOf } from "@plimsoll/kit";
import { isCron } from "@plimsoll/platform";
import { z } from "zod";

/** One thing a server can be told: by a variable of the environment, or by a flag, which wins. */
export interface Setting<T> {
  readonly variable: string;
  /** Without its dashes; `null`: what does not belong on a command line, where everybody can read it. */
  readonly flag: string | null;
  /** What stands for the value in help. */
  readonly value: string;
  /** What holds when nothing is said; `null`: nothing does, or `usualText` tells. */
  readonly usual: string | null;
  readonly usualText?: string;
  readonly help: string;
  readonly schema: z.ZodType<T, string>;
}

/** Keeps what kind of value it has. */
export function setting<T, const U extends string | null>(row: Setting<T> & { readonly usual: U }) {
  return row;
}

export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

export const listenAddress = z.string().transform((text, context): ListenAddress => {
  const [, host = "", port = ""] = /^(.*):(\d{1,5})$/.exec(text) ?? [];
  const plain = host.replace(/^\[(.*)\]$/, "$1");
  const isAddress = isIP(plain) !== 0 || plain === "localhost";
  if (isAddress && Number(port) < 65_536) return { host: plain, port: Number(port) };
  context.addIssue(`${JSON.stringify(text)} is no ADDRESS:PORT`);
  return z.NEVER;
});

/** As PostgreSQL has them: without a host it is `?host=`, a folder of sockets. */
export const postgresUrl = z.string().regex(/^postgres(?:ql)?:\/\/\S+$/, "it is no postgres:// address");

export const absolutePath = z.string().startsWith("/", "it is no absolute path");

/** A path that everything is below, without its last slash; "" is the root. */
export const basePath = z
  .string()
  .regex(/^\/(?:[\w.~-]+(?:\/[\w.~-]+)*\/?)?$/, "it is no path like /plimsoll")
  .transform((path) => path.replace(/\/$/, ""));

/** `off`, `auto`, or five fields of crontab. */
export const feedSchedule = z
  .string()
  .refine(
    (text) => text === "off" || text === "auto" || isCron(text),
    "it is neither off nor auto nor five fields of crontab",
  );

export function oneOf<const W extends readonly [string, ...string[]]>(...words: W) {
  return z.enum(words, { error: `it is none of ${words.join(", ")}` });
}

/** A whole number between two bounds, both included. */
export function wholeNumber(least: number, most: number) {
  return z.string().transform((text, context): number => {
    const number = /^\d{1,9}$/.test(text) ? Number(text) : -1;
    if (number >= least && number <= most) return number;
    context.addIssue(`${JSON.stringify(text)} is no whole number from ${least} to ${most}`);
    return z.NEVER;
  });
}

/** Addresses and networks (CIDR), separated by commas. */
export const networks = z.string().transform((text, context): readonly string[] => {
  const parts = text
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");
  const wrong = parts.filter((part) => !isNetwork(part));
  if (wrong.length === 0) return parts;
  context.addIssue(`no address or network: ${wrong.map((part) => JSON.stringify(part)).join(", ")}`);
  return z.NEVER;
});

function isNetwork(text: string): boolean {
  const [address = "", bits, ...more] = text.split("/");
  const family = isIP(address);
  if (family === 0 || more.length > 0 || (bits !== undefined && !/^\d{1,3}$/.test(bits))) return false;
  try {
    new BlockList().addSubnet(address, Number(bits ?? (family === 4 ? 32 : 128)), family === 4 ? "ipv4" : "ipv6");
    return true;
  } catch {
    return false;
  }
}

/** Addresses, networks and hosts that may be asked although they are no public ones, separated by commas. */
export const destinations = z.string().transform((text, context): readonly string[] => {
  const parts = text.split(",").map((part) => part.trim());
  const rules = parts.filter((part) => part !== "");
  try {
    guardedDestinations(rules);
    return rules;
  } catch (error) {
    context.addIssue(messageOf(error));
    return z.NEVER;
  }
});
