import { fstatSync } from "node:fs";
import { homedir, hostname } from "node:os";
import { isatty } from "node:tty";
import { run } from "./run.ts";
import type { Sink, World } from "./world.ts";

// The only file that touches the process: arguments, environment, clock, streams, signals, exit.

/**
 * While V8 marks in steps beside so busy a thread, the heap grows by half: it marks at once. Its best compiler takes a
 * tenth of all processor time that two cores have for a scan, and gives less back: it waits for runs of minutes. Told at
 * the start, either would void the code caches of program and Node.
 */
const flagsForMuch = ["--no-incremental-marking", "--invocation-count-for-turbofan=200000"];

const stop = new AbortController();
let stoppedBy: NodeJS.Signals | null = null;
const begunAt = Date.now();
const begun = process.hrtime.bigint();
const world: World = {
  env: process.env,
  clock: clockOf(process.env.SOURCE_DATE_EPOCH),
  // `performance` brings modules along that take a start 1 ms.
  elapsed: () => begunAt + Number(process.hrtime.bigint() - begun) / 1e6,
  stdin: {
    path: "/dev/stdin",
    get isTerminal() {
      return isTerminal(0);
    },
    bytes: () => process.stdin,
  },
  stdout: sinkOf("stdout"),
  stderr: sinkOf("stderr"),
  signal: stop.signal,
  homeFolder: homedir(),
  hostName: hostname(),
  userId: process.getuid?.() ?? -1,
  readsMuch: () => {
    const { setFlagsFromString } = process.getBuiltinModule("node:v8");
    for (const flag of flagsForMuch) setFlagsFromString(flag);
  },
};

const stopped = new Promise<number>((resolve) => {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.once(signal, () => {
      stoppedBy = signal;
      stop.abort(new Error(`stopped by ${signal}`));
      // Time to put things away; what hangs longer than this is not worth waiting for.
      setTimeout(() => resolve(3), 3000).unref();
    });
  }
});

// Node would end with 1, which here means that a policy failed.
process.on("uncaughtException", (error) => {
  process.stderr.write(
    `plimsoll: this should not have happened: ${String(error)} [INTERNAL]\n  next: report it as a bug\n`,
  );
  process.exit(3);
});

const ran = run(process.argv.slice(2), world).catch((error: unknown) => {
  if (!stop.signal.aborted) throw error;
  return 3;
});
void end();

async function end(): Promise<void> {
  const code = await Promise.race([ran, stopped]);
  if (stoppedBy !== null) await dieOf(stoppedBy);
  process.exit(code);
}

/** Everything was put away: now the signal does what it would have done, so that the caller sees it. */
async function dieOf(signal: NodeJS.Signals): Promise<void> {
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
  await new Promise((resolve) => setTimeout(resolve, 1000));
}

/** https://reproducible-builds.org/specs/source-date-epoch: seconds; documents then bear this time. */
function clockOf(epoch: string | undefined): () => number {
  return epoch !== undefined && /^\d{1,12}$/.test(epoch) ? () => Number(epoch) * 1000 : () => Date.now();
}

/** Opened when something is written: a stream of Node's takes a start 1 ms. */
function sinkOf(name: "stdout" | "stderr"): Sink {
  const fd = name === "stdout" ? 1 : 2;
  let opened: NodeJS.WriteStream | null = null;
  let closed = false;
  const stream = (): NodeJS.WriteStream => {
    // A reader that went away (`| head`) is no failure of ours: the exit code still tells the verdict.
    opened ??= process[name].on("error", () => {
      closed = true;
    });
    return opened;
  };
  return {
    get isTerminal() {
      return isTerminal(fd);
    },
    get columns() {
      // Some pseudo terminals say 0: they do not know.
      return (isTerminal(fd) && stream().columns) || null;
    },
    write: (text) =>
      new Promise((resolve, reject) => {
        if (closed || text === "") return resolve();
        stream().write(text, (error) => {
          const isLost = error && "code" in error && error.code !== "EPIPE" && name === "stdout";
          if (isLost) void unwritten(error).then(reject);
          else resolve();
        });
      }),
  };
}

/** `/dev/null` of Linux: device 1, 3. */
const nowhere = 0x103;

/** Asks Node's own module, which takes a start 1 ms, only about what may be a terminal. */
function isTerminal(fd: number): boolean {
  const stats = fstatSync(fd);
  return stats.isCharacterDevice() && stats.rdev !== nowhere && isatty(fd);
}

/** A full disk, unlike a reader that went away, must not look like success. */
async function unwritten(cause: Error): Promise<Error> {
  const { cliError } = await import("./errors.ts");
  return cliError("OUTPUT_FAILED", { fields: { path: "standard output", why: cause.message }, cause });
}
