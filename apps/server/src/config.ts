import { isIP } from "node:net";
import { join } from "node:path";
import { z } from "zod";
import { serverError } from "./errors.ts";

/** What a server is started with. */
export interface Config {
  /** Address and port that the API listens on. */
  readonly listen: { readonly host: string; readonly port: number };
  /** Folder of everything this installation keeps. */
  readonly data: string;
  /** An external PostgreSQL; `null`: the embedded one. */
  readonly databaseUrl: string | null;
  /** The vulnerability database, if there is one of one's own. */
  readonly vulndb: string | null;
}

type Environment = Readonly<Record<string, string | undefined>>;

const defaultListen = "127.0.0.1:8418";

const listen = z.string().transform((text, context) => {
  const [, host = "", port = ""] = /^(.*):(\d{1,5})$/.exec(text) ?? [];
  const plain = host.replace(/^\[(.*)\]$/, "$1");
  const isAddress = isIP(plain) !== 0 || plain === "localhost";
  if (isAddress && Number(port) < 65_536) return { host: plain, port: Number(port) };
  context.addIssue(`${JSON.stringify(text)} is no ADDRESS:PORT`);
  return z.NEVER;
});

const postgresUrl = z.url({ protocol: /^postgres(ql)?$/, error: "it is no postgres:// address" });

const environment = z.object({
  PLIMSOLL_LISTEN: listen.prefault(defaultListen),
  PLIMSOLL_DATA: z.string().startsWith("/", "it is no absolute path").optional(),
  DATABASE_URL: postgresUrl.optional(),
  PLIMSOLL_VULNDB: z.string().min(1).optional(),
  XDG_DATA_HOME: z.string().optional(),
});

/** Reads the configuration from the environment; `isRoot` decides where data lies by default. Throws BAD_CONFIG, which names every fault. */
export function readConfig(
  env: Environment,
  { home, isRoot }: { readonly home: string; readonly isRoot: boolean },
): Config {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ""));
  const parsed = environment.safeParse(given);
  if (!parsed.success) {
    const faults = parsed.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
    throw serverError("BAD_CONFIG", { fields: { faults: faults.join("; ") } });
  }
  const { PLIMSOLL_LISTEN, PLIMSOLL_DATA, DATABASE_URL, PLIMSOLL_VULNDB, XDG_DATA_HOME } = parsed.data;
  const share = XDG_DATA_HOME?.startsWith("/") ? XDG_DATA_HOME : join(home, ".local", "share");
  return {
    listen: PLIMSOLL_LISTEN,
    data: PLIMSOLL_DATA ?? (isRoot ? "/var/lib/plimsoll" : join(share, "plimsoll")),
    databaseUrl: DATABASE_URL ?? null,
    vulndb: PLIMSOLL_VULNDB ?? null,
  };
}
