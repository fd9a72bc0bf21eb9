import type { Log } from "@plimsoll/kit";
import { pino } from "pino";
import { safeFields, safeText } from "./hide-secrets.ts";

export interface LogSettings {
  readonly level: "debug" | "info" | "warn";
  /** Lines for people instead of JSON. */
  readonly readable: boolean;
  readonly clock: () => number;
  /** Takes whole lines. */
  readonly write: (line: string) => void;
  /** On every line of JSON: which process this is. */
  readonly about: Readonly<Record<string, unknown>>;
}

/**
 * The server's log: one line each, JSON with `time`, `level`, `message` and the fields given, or the same for people.
 * Secrets and control characters are taken out of both (`hide-secrets.ts`).
 */
export function serverLog({ level, readable, clock, write, about }: LogSettings): Log {
  const log = pino(
    {
      level,
      base: readable ? null : about,
      messageKey: "message",
      timestamp: () => `,"time":"${new Date(clock()).toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
    },
    { write: (line: string) => write(readable ? readableLine(line) : line) },
  );
  return {
    debug: (message, fields = {}) => log.debug(safeFields(fields), safeText(message)),
    info: (message, fields = {}) => log.info(safeFields(fields), safeText(message)),
    warn: (message, fields = {}) => log.warn(safeFields(fields), safeText(message)),
  };
}

/** `12:00:00 warn  a request failed  url=/x why="too many"` */
function readableLine(line: string): string {
  const { time, level, message, ...fields }: Record<string, unknown> = JSON.parse(line);
  const told = Object.entries(fields).map(([name, value]) => `${name}=${wordOf(value)}`);
  return `${[String(time).slice(11, 19), String(level).padEnd(5), message, ...told].join(" ")}\n`;
}

function wordOf(value: unknown): string {
  return typeof value === "string" && /^[^\s"=]+$/.test(value) ? value : JSON.stringify(value);
}
