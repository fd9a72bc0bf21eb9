import { type Config, readConfig } from "../config.ts";
import { serverLog } from "../operation/server-log.ts";
import { type FirstStart, serve } from "../serve.ts";
import { settingsHelp } from "../settings/help.ts";
import { readFlags } from "../settings/read-flags.ts";
import { type SettingName, settings } from "../settings/settings-table.ts";
import { unknownVariables } from "../settings/unknown-variables.ts";
import type { Command, World } from "../world.ts";
import { tellNewPassword } from "./reset-password.ts";

const all = Object.keys(settings).filter((name): name is SettingName => name in settings);

/** `plimsoll server`: serves until it is stopped. */
export const server = {
  name: "server",
  run: async (args, world) => {
    const wanted = { command: "server", of: all, values: ["reset-password"], bare: ["check-config"] };
    const flags = readFlags(args, wanted);
    if (flags.given.has("help")) {
      world.stdout.write(usage());
      return 0;
    }
    const config = readConfig({ env: world.env, flags: flags.values }, world);
    const isCheck = flags.given.has("check-config");
    for (const line of unknownVariables(world.env)) world.stderr.write(`plimsoll: ${line}\n`);
    const user = flags.values["reset-password"];
    if (isCheck) world.stdout.write(shown(config));
    else if (user !== undefined) await tellNewPassword(config, user, { ...world, log: logOf(config, world) });
    else await run(config, world);
    return 0;
  },
} satisfies Command;

async function run(config: Config, world: World): Promise<void> {
  const { clock, random, stop, env: proxyEnv } = world;
  const log = logOf(config, world);
  const onStep = (text: string): void => log.info(text);
  await using serving = await serve(config, { clock, random, log, proxyEnv, onStep, stop });
  log.info("listening", { url: serving.url });
  if (serving.first !== null) tellFirstStart(serving.first, world);
  if (config.tlsCert !== null) world.onHangup(serving.reload);
  await aborted(stop);
  log.info("stopping");
  await serving.drain(world.hurry);
}

/** For people on stderr, for programs on stdout. */
function tellFirstStart({ username, password, scannerToken }: FirstStart, { stdout, stderr }: World): void {
  stderr.write("plimsoll: sign in with this one-time password and change it, scan with this token; shown this once:\n");
  stdout.write(`username: ${username}\npassword: ${password}\nscanner token: ${scannerToken}\n`);
}

/** The log that the configuration asks for, on stderr. */
export function logOf({ logLevel, logFormat, role }: Config, { stderr, clock }: World) {
  return serverLog({
    level: logLevel,
    readable: logFormat === "text" || (logFormat === "auto" && stderr.isTerminal),
    clock,
    write: stderr.write,
    about: { role },
  });
}

/** Resolves once it is aborted. */
export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

/** An address may have a password in it. */
const secrets: readonly SettingName[] = ["databaseUrl", "secretsKey"];

/** What holds, row by row, without its secrets. */
function shown(config: Config): string {
  const rows = all.map((name) => {
    const value = secrets.includes(name) && config[name] !== null ? "(set)" : config[name];
    return `${settings[name].variable}=${value === null ? "" : textOf(value)}\n`;
  });
  return `${rows.join("")}The configuration is good.\n`;
}

function textOf(value: Exclude<Config[SettingName], null>): string {
  if (typeof value === "object" && "host" in value) {
    return `${value.host.includes(":") ? `[${value.host}]` : value.host}:${value.port}`;
  }
  return String(value);
}

function usage(): string {
  return `Usage: plimsoll server [options]

Serves the platform: scanners send SBOMs, clients ask for results. Runs until it is stopped (Ctrl-C, SIGTERM).

Options and variables of the environment (an option wins; what holds when neither is given stands in brackets):
${settingsHelp()}  --reset-password USER
      give USER a one-time password, end USER's sessions, and end (the embedded database must not be in use)
  --check-config
      read all this, say what is wrong or what holds, and end
  -h, --help

Examples:
  plimsoll server
  plimsoll server --check-config
  DATABASE_URL=postgres://plimsoll@db/plimsoll plimsoll server --role api --listen 0.0.0.0:8418
  DATABASE_URL=postgres://plimsoll@db/plimsoll plimsoll server --role worker --listen 127.0.0.1:8419
`;
}
