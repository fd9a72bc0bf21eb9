import { randomBytes } from "node:crypto";
import { homedir } from "node:os";
import { PlimsollError, plainText } from "@plimsoll/kit";
import { readConfig } from "./config.ts";
import { serve } from "./serve.ts";

// The only file that touches the process: environment, clock, chance, streams, signals, exit.

const say = (text: string): void => void process.stderr.write(`plimsoll: ${text}\n`);
const stopped = new Promise<void>((resolve) => {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => resolve());
});

const usage = `Usage: plimsoll server

Serves the platform: scanners send SBOMs, clients ask for results. Runs until it is stopped (Ctrl-C).

Environment:
  PLIMSOLL_LISTEN   ADDRESS:PORT to listen on (127.0.0.1:8418)
  PLIMSOLL_DATA     folder of everything that is kept (~/.local/share/plimsoll; root: /var/lib/plimsoll)
  DATABASE_URL      postgres:// address of a PostgreSQL 15 or newer, instead of the embedded one
  PLIMSOLL_VULNDB   vulnerability database (made by plimsoll db update), instead of the starter knowledge

Examples:
  plimsoll server
  PLIMSOLL_LISTEN=0.0.0.0:8418 DATABASE_URL=postgres://plimsoll@db/plimsoll plimsoll server
`;

const [, ...rest] = process.argv.slice(2);
if (rest.length > 0) {
  const wantsHelp = rest.includes("--help") || rest.includes("-h");
  (wantsHelp ? process.stdout : process.stderr).write(usage);
  process.exit(wantsHelp ? 0 : 2);
}

try {
  const config = readConfig(process.env, { home: homedir(), isRoot: process.getuid?.() === 0 });
  await using serving = await serve(config, {
    clock: Date.now,
    random: (bytes) => randomBytes(bytes),
    log: { debug: () => undefined, info: () => undefined, warn: (message, fields) => say(lineOf(message, fields)) },
    onStep: say,
  });
  say(`listening on ${serving.url}`);
  if (serving.firstToken !== null) {
    say("an administrator's token, shown this once:");
    process.stdout.write(`${serving.firstToken}\n`);
  }
  await stopped;
  say("stopping");
} catch (error) {
  const isOurs = error instanceof PlimsollError;
  say(
    isOurs
      ? `${error.message} [${error.code}]\n  next: ${error.next}`
      : `this should not have happened: ${String(error)}`,
  );
  process.exitCode = isOurs ? error.exit : 3;
}

function lineOf(message: string, fields?: Readonly<Record<string, unknown>>): string {
  return plainText(`${message} ${JSON.stringify(fields ?? {})}`);
}
