import { randomBytes } from "node:crypto";
import { homedir } from "node:os";
import { backup } from "./commands/backup.ts";
import { restore } from "./commands/restore.ts";
import { server } from "./commands/server.ts";
import { up } from "./commands/up.ts";
import { tellError } from "./tell-error.ts";
import type { Sink, World } from "./world.ts";

// The only file that touches the process: arguments, environment, clock, chance, streams, signals, exit.

const stop = new AbortController();
const hurry = new AbortController();
const hangup: (() => void)[] = [];

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(signal, () => {
    if (signal === "SIGHUP" && hangup.length > 0) for (const listener of hangup) listener();
    else if (stop.signal.aborted) hurry.abort(new Error(`stopped twice, by ${signal}`));
    else stop.abort(new Error(`stopped by ${signal}`));
  });
}

const world: World = {
  env: process.env,
  clock: Date.now,
  random: (bytes) => randomBytes(bytes),
  home: homedir(),
  isRoot: process.getuid?.() === 0,
  stdout: sinkOf(process.stdout),
  stderr: sinkOf(process.stderr),
  stop: stop.signal,
  hurry: hurry.signal,
  onHangup: (listener) => void hangup.push(listener),
};

const [name, ...args] = process.argv.slice(2);
const commands = [server, up, backup, restore];
const chosen = commands.find((command) => command.name === name) ?? server;
const ran = chosen.run(args, world).catch((error: unknown) => {
  // Stopped while it was starting: everything is put away, and nobody needs to be told.
  if (stop.signal.aborted) return 0;
  return tellError(error, world);
});
process.exit(await Promise.race([ran, overdue()]));

/** Something that does not end although it was told to: the next start puts away what this one leaves. */
function overdue(): Promise<number> {
  return new Promise((resolve) => {
    hurry.signal.addEventListener("abort", () => setTimeout(() => resolve(3), 40_000).unref());
  });
}

function sinkOf(stream: NodeJS.WriteStream): Sink {
  // A reader that went away is no failure of ours.
  stream.on("error", () => undefined);
  return {
    isTerminal: stream.isTTY === true,
    columns: stream.isTTY === true && stream.columns > 0 ? stream.columns : null,
    write: (text) => void stream.write(text),
  };
}
