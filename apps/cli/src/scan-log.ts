import { closeSync, openSync, writeSync } from "node:fs";
import { type Log, messageOf, plainText, silentLog } from "@plimsoll/kit";
import { cliError } from "./errors.ts";
import type { World } from "./world.ts";

export interface LogOptions {
  readonly loglevel: "info" | "debug";
  readonly logfile?: string;
  readonly consoleLog?: boolean;
}

/** A log for one run; dispose it to close its file. */
export interface ScanLog extends Disposable {
  readonly log: Log;
}

/** Logs go to stderr (`--console-log`, never stdout: that may be a document), to a file (`--logfile`), else nowhere. Throws LOG_TWICE, OUTPUT_FAILED. */
export function openScanLog(options: LogOptions, world: World): ScanLog {
  if (options.logfile !== undefined && options.consoleLog === true) throw cliError("LOG_TWICE");
  if (options.consoleLog === true) {
    return { log: logTo((line) => void world.stderr.write(line), options, world), [Symbol.dispose]: () => undefined };
  }
  if (options.logfile === undefined) return { log: silentLog, [Symbol.dispose]: () => undefined };
  const file = openFile(options.logfile);
  return {
    log: logTo(untilItFails(file, options.logfile, world), options, world),
    [Symbol.dispose]: () => closeSync(file),
  };
}

function openFile(path: string): number {
  try {
    return openSync(path, "a");
  } catch (cause) {
    throw cliError("OUTPUT_FAILED", { fields: { path, why: messageOf(cause) }, cause });
  }
}

/** A log that cannot be written is told once and costs nothing else: the scan is what was asked for. */
function untilItFails(file: number, path: string, world: World): Write {
  let failed = false;
  return (line) => {
    if (failed) return;
    try {
      writeSync(file, line);
    } catch (cause) {
      failed = true;
      void world.stderr.write(`${plainText(`plimsoll: the log ${path} ends here: ${messageOf(cause)}`)}\n`);
    }
  };
}

type Write = (line: string) => void;
type Fields = Readonly<Record<string, unknown>>;

function logTo(write: Write, { loglevel }: LogOptions, { clock }: World): Log {
  const line =
    (level: string) =>
    (message: string, fields: Fields = {}): void => {
      const words = Object.entries(fields).map(([key, value]) => `${key}=${JSON.stringify(value) ?? "undefined"}`);
      write(`${new Date(clock()).toISOString()} ${level} ${plainText([message, ...words].join(" "), 4000)}\n`);
    };
  return { debug: loglevel === "debug" ? line("debug") : () => undefined, info: line("info"), warn: line("warn") };
}
