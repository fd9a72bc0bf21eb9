import { existsSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { createHttpClient, type ProxyEnv } from "@plimsoll/kit";
import { serverError } from "../errors.ts";
import type { World } from "../world.ts";
import { type Ran, runCommandLine } from "./command-line.ts";

export interface KnowledgeWish {
  /** The installation's database. */
  readonly file: string;
  /** `--feeds`: a folder of feeds, or none. */
  readonly feeds: string | null;
  /** `--offline`: nobody is asked. */
  readonly isOffline: boolean;
  /** What will be scanned: upstream is asked for what concerns it. */
  readonly target: string | null;
  readonly world: Pick<World, "env" | "stop">;
}

/** Where knowledge comes from, or why from nowhere else than the program itself. */
export type KnowledgeOrigin =
  | { readonly from: "feeds"; readonly text: string }
  | { readonly from: "kept" }
  | { readonly from: "upstream" }
  | { readonly from: "starter"; readonly why: string };

/**
 * Sees to a database: from a folder of feeds, the one that is kept, a mirror (PLIMSOLL_DB_URL), or what upstream has for
 * the first target; where none of these gives one, the starter knowledge serves. Throws FEEDS_FAILED.
 */
export async function bringKnowledge(wish: KnowledgeWish): Promise<KnowledgeOrigin> {
  const { file, feeds, isOffline, target, world } = wish;
  const folder = dirname(file);
  if (feeds !== null) {
    const ran = await runCommandLine(["db", "build", "--from", resolve(feeds), "--out", file], world);
    if (ran.code !== 0) throw serverError("FEEDS_FAILED", { fields: { folder: feeds, why: lastWords(ran) } });
    return { from: "feeds", text: feeds };
  }
  if (existsSync(file)) return { from: "kept" };
  if (isOffline) return { from: "starter", why: "--offline" };
  const args = await fetchingArgs(target, { folder, env: world.env });
  if (typeof args === "string") return { from: "starter", why: args };
  const ran = await runCommandLine(args, world);
  return existsSync(file) ? { from: "upstream" } : { from: "starter", why: lastWords(ran) };
}

/** How the command line is told to fetch; a text: why it cannot. */
async function fetchingArgs(
  target: string | null,
  { folder, env }: { readonly folder: string; readonly env: World["env"] },
): Promise<readonly string[] | string> {
  if (env.PLIMSOLL_DB_URL) return ["db", "update", "--dbpath", folder];
  if (target === null) return `plimsoll db update --dbpath ${folder} fetches more`;
  if (!(await isUpstreamThere(env))) return "upstream cannot be reached";
  return ["scan", target, "--dbpath", folder, "--output", "json=/dev/null", "--allow-incomplete"];
}

/** Two publishers on two networks: one of them may be down. */
const upstream = ["https://secdb.alpinelinux.org/", "https://security-tracker.debian.org/tracker/"];
const patienceMs = 4000;

/** Whether the world is there at all: a firewall that swallows everything would have each feed wait for long. */
async function isUpstreamThere(env: ProxyEnv): Promise<boolean> {
  using http = createHttpClient({ userAgent: "plimsoll", proxyEnv: env, answerTimeoutMs: patienceMs });
  const asked = upstream.map(async (url) => {
    const answer = await http.request({ url, method: "HEAD", retries: 0, signal: AbortSignal.timeout(patienceMs) });
    answer.discard();
  });
  return Promise.any(asked).then(
    () => true,
    () => false,
  );
}

function lastWords({ stderr, code }: Ran): string {
  const said = stderr.split("\n").find((line) => line.startsWith("plimsoll: ")) ?? `it ended with code ${code}`;
  return said.replace(/^plimsoll: /, "");
}
