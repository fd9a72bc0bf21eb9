import { plainText } from "@plimsoll/kit";
import type { World } from "../world.ts";

/** What is going on, for people: finished steps stay, the running one is rewritten where that is possible. */
export interface Screen extends Disposable {
  /** A step begins. */
  begin(name: string, text: string): void;
  /** The step that began has ended so. */
  end(text: string, mood?: "good" | "warn"): void;
  readonly paint: Paint;
}

type Style = "bold" | "dim" | "red" | "green" | "yellow" | "cyan";
export type Paint = (style: Style, text: string) => string;

const codes: Readonly<Record<Style, number>> = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, cyan: 36 };
const width = 10;
const everyMs = 1000;

/** Steps go to stderr: one line each when they end, and on a terminal a running line with the seconds. */
export function openScreen({ stderr, env, clock }: Pick<World, "stderr" | "env" | "clock">): Screen {
  const paint = paintFor(env, stderr.isTerminal);
  const isLive = stderr.isTerminal && env.TERM !== "dumb";
  let running: { readonly name: string; readonly text: string; readonly since: number } | null = null;
  const line = (mark: string, name: string, text: string): string => `  ${mark} ${name.padEnd(width)} ${text}`;
  const clear = (): void => {
    if (isLive && running !== null) stderr.write("\r\u001b[K");
  };
  const show = (): void => {
    if (!isLive || running === null) return;
    const { name, text } = running;
    const shown = line("-", name, `${text} ... ${secondsSince(running.since)}`);
    stderr.write(`\r${[...shown].slice(0, (stderr.columns ?? 80) - 1).join("")}\u001b[K`);
  };
  const secondsSince = (since: number): string => `${Math.round((clock() - since) / 1000)} s`;
  const timer = setInterval(show, everyMs);
  timer.unref();
  return {
    paint,
    begin: (name, text) => {
      clear();
      running = { name, text: plainText(text, 200), since: clock() };
      show();
    },
    end: (text, mood = "good") => {
      if (running === null) return;
      clear();
      const mark = mood === "good" ? paint("green", "+") : paint("yellow", "!");
      const took = clock() - running.since >= everyMs ? paint("dim", `  ${secondsSince(running.since)}`) : "";
      stderr.write(`${line(mark, running.name, plainText(text, 500))}${took}\n`);
      running = null;
    },
    [Symbol.dispose]: () => {
      clear();
      running = null;
      clearInterval(timer);
    },
  };
}

/** Colours where they are wanted: FORCE_COLOR, then NO_COLOR, decide; else whether it is a terminal that has some. */
export function paintFor(env: World["env"], isTerminal: boolean): Paint {
  const { FORCE_COLOR: force, NO_COLOR: no, TERM: term } = env;
  const usual = isTerminal && term !== "dumb" && !no;
  const isWanted = force ? force !== "0" && force !== "false" : usual;
  return (style, text) => (isWanted ? `\u001b[${codes[style]}m${text}\u001b[0m` : text);
}
