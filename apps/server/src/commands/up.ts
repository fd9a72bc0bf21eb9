import { createToken, hasResults, recordAudit, theServer } from "@plimsoll/platform";
import { type Config, readConfig } from "../config.ts";
import { knowledgeFile, type Serving, serve } from "../serve.ts";
import { settingsHelp } from "../settings/help.ts";
import { readFlags } from "../settings/read-flags.ts";
import { type SettingName, settings } from "../settings/settings-table.ts";
import { unknownVariables } from "../settings/unknown-variables.ts";
import { tool } from "../tool.ts";
import { runCommandLine } from "../up/command-line.ts";
import { bringKnowledge, type KnowledgeOrigin } from "../up/first-knowledge.ts";
import { firstResultText } from "../up/first-result.ts";
import { type FirstTarget, firstTarget } from "../up/first-target.ts";
import { openScreen, paintFor, type Screen } from "../up/screen.ts";
import type { Command, World } from "../world.ts";
import { aborted, logOf } from "./server.ts";

const flagsOfSettings = Object.keys(settings).filter(
  (name): name is SettingName => name in settings && name !== "role",
);

interface Wish {
  readonly config: Config;
  /** `--scan`; `null`: what is at hand, at the first start. */
  readonly scan: string | null;
  readonly isScanning: boolean;
  readonly feeds: string | null;
  readonly isOffline: boolean;
}

/** `plimsoll up`: everything on this machine, with a first result; runs until it is stopped. */
export const up = {
  name: "up",
  run: async (args, world) => {
    const flags = readFlags(args, {
      command: "up",
      of: flagsOfSettings,
      values: ["scan", "feeds"],
      bare: ["no-scan", "offline"],
    });
    if (flags.given.has("help")) {
      world.stdout.write(usage());
      return 0;
    }
    for (const line of unknownVariables(world.env)) world.stderr.write(`plimsoll: ${line}\n`);
    // Requests are nothing to look at here, unless somebody wants to.
    const offline = flags.given.has("offline") ? { PLIMSOLL_FEED_SCHEDULE: "off" } : {};
    const env = { PLIMSOLL_LOG_LEVEL: "warn", ...world.env, ...offline, PLIMSOLL_ROLE: "all" };
    const config = readConfig({ env, flags: flags.values }, world);
    await run(
      {
        config,
        scan: flags.values.scan ?? null,
        isScanning: !flags.given.has("no-scan"),
        feeds: flags.values.feeds ?? null,
        isOffline: flags.given.has("offline"),
      },
      world,
    );
    return 0;
  },
} satisfies Command;

async function run(wish: Wish, world: World): Promise<void> {
  const { config } = wish;
  const { clock, random, stop, stderr, env: proxyEnv } = world;
  const log = logOf(config, world);
  stderr.write(`Plimsoll ${tool.version}\n`);
  using screen = openScreen(world);
  screen.begin("server", "Starting");
  await using serving = await serve(config, {
    clock,
    random,
    log,
    proxyEnv,
    stop,
    onStep: (text) => screen.begin("server", text),
  });
  screen.end(`listening on ${urlOf(serving)}, data in ${config.data}`);
  if (config.tlsCert !== null) world.onHangup(serving.reload);
  const first = await firstSteps(wish, { serving, screen, world });
  world.stdout.write(closingText(serving, { first, world }));
  await aborted(stop);
  stderr.write("\nStopping ...\n");
  await serving.drain(world.hurry);
}

interface Started {
  readonly serving: Serving;
  readonly screen: Screen;
  readonly world: World;
}

/** Knowledge and a first result; a start that finds results scans only what it is told to. Answers the result's text. */
async function firstSteps(wish: Wish, started: Started): Promise<string | null> {
  const { serving } = started;
  const isFirst = !(await hasResults(serving.services.pool));
  const target = await targetOf(wish, { isFirst, world: started.world });
  await knowledgeStep(wish, target, started);
  return target === null ? null : scanStep(wish, target, started);
}

async function targetOf(
  { scan, isScanning }: Wish,
  { isFirst, world }: { readonly isFirst: boolean; readonly world: World },
): Promise<FirstTarget | null> {
  if (scan !== null) return { source: scan, why: "as told" };
  return isScanning && isFirst ? firstTarget(world.env) : null;
}

async function knowledgeStep(wish: Wish, target: FirstTarget | null, started: Started): Promise<void> {
  const { screen, serving, world } = started;
  const { config, feeds, isOffline } = wish;
  screen.begin("knowledge", feeds === null ? "Looking for what is known" : `Reading feeds from ${feeds}`);
  const file = knowledgeFile(config.data);
  const origin: KnowledgeOrigin =
    config.vulndb === null
      ? await bringKnowledge({ file, feeds, isOffline, target: target?.source ?? null, world })
      : { from: "kept" };
  if (origin.from === "feeds" || origin.from === "upstream") await serving.services.knowledge.reload();
  screen.end(knowledgeText(origin, serving), origin.from === "starter" ? "warn" : "good");
}

function knowledgeText(origin: KnowledgeOrigin, { services }: Serving): string {
  const { builtAt, feeds } = services.knowledge.current().base.status;
  const dates = feeds
    .map(({ date }) => date)
    .filter((date) => date)
    .sort();
  const age = dates.length === 0 ? "" : `, ${feeds.length} feeds of ${dates[0]} to ${dates.at(-1)}`;
  if (origin.from === "feeds") return `built from ${origin.text}${age}`;
  if (origin.from === "upstream") return `fetched from upstream for the first target${age}`;
  if (origin.from === "kept") return `built ${builtAt.slice(0, 10)}${age}`;
  return `only the starter knowledge that ships with the program (${origin.why})${age}`;
}

/** Hours that the token of the first scan is good for. */
const tokenHours = 1;

async function scanStep(wish: Wish, { source, why }: FirstTarget, started: Started): Promise<string | null> {
  const { screen, serving, world } = started;
  screen.begin("scan", `${source} (${why})`);
  const token = await scanToken(serving);
  const args = ["scan", source, "--apiurl", urlOf(serving), "--output", "json-v1", "--allow-incomplete"];
  // The certificate is for the name that others use.
  const secure = wish.config.tlsCert === null ? [] : ["--skiptlsverify"];
  const more = { SECURE_API_TOKEN: token, NO_PROXY: "127.0.0.1,localhost,::1", no_proxy: "127.0.0.1,localhost,::1" };
  const ran = await runCommandLine([...args, ...secure], { env: world.env, stop: world.stop, more });
  try {
    const text = firstResultText(ran.stdout, source, paintFor(world.env, world.stdout.isTerminal));
    screen.end(`${source} (${why})`);
    return text;
  } catch {
    const [said = "it ended without a result"] = ran.stderr.split("\n").filter((line) => line.startsWith("plimsoll: "));
    screen.end(`${source} could not be scanned: ${said.replace(/^plimsoll: /, "")}`, "warn");
    return null;
  }
}

async function scanToken({ services: { pool, clock, random } }: Serving): Promise<string> {
  const now = clock();
  const expiresAt = new Date(now + tokenHours * 3600_000).toISOString();
  const made = { name: "plimsoll up", team: null, role: "ROLE_TEAM_SCANNER", expiresAt };
  const { id, text } = await createToken(pool, made, { random, now });
  await recordAudit(pool, theServer, { action: "token.create", subject: `token:${id}`, detail: made, at: now });
  return text;
}

/** Where programs of this machine reach it. */
function urlOf({ url }: Serving): string {
  return url.replace("//0.0.0.0:", "//127.0.0.1:").replace("//[::]:", "//[::1]:");
}

interface Closing {
  readonly first: string | null;
  readonly world: World;
}

/** What somebody who has just started this wants to know. */
function closingText(serving: Serving, { first, world: { env, stdout } }: Closing): string {
  const paint = paintFor(env, stdout.isTerminal);
  const row = (name: string, text: string): string => `  ${paint("bold", name.padEnd(8))} ${text}\n`;
  const url = urlOf(serving);
  const told = serving.first;
  return [
    ...(first === null ? [] : ["\n", first]),
    "\n",
    row("Open", paint("cyan", url)),
    ...(told === null
      ? []
      : [row("Sign in", `${told.username} with the one-time password ${paint("bold", told.password)}`)]),
    row("Next", `SECURE_API_TOKEN=${told?.scannerToken ?? "plm_..."} bin/plimsoll scan --apiurl ${url} IMAGE`),
    ...(told === null ? [] : [row("", "Password and token are shown this once.")]),
    row("Stop", "Ctrl-C; the next start goes on with what is kept"),
  ].join("");
}

function usage(): string {
  return `Usage: plimsoll up [options]

Starts everything on this machine: database, API, workers and web. It loads what is known about vulnerabilities, scans a
first target, and tells where to look. Runs until it is stopped (Ctrl-C); the next start goes on with what is kept.

Options:
  --scan SOURCE   what to scan: an image, dir:PATH, host: (at the first start the newest image of the Docker engine here,
                  else this machine)
  --no-scan       no first scan
  --feeds FOLDER  build what is known from a folder of feeds (see docs/air-gapped.md)
  --offline       ask nobody for what is known: what is kept, else the starter knowledge
${settingsHelp()}  -h, --help

Examples:
  plimsoll up
  plimsoll up --scan nginx:1.25
  plimsoll up --offline --data /srv/plimsoll --listen 0.0.0.0:8418
`;
}
