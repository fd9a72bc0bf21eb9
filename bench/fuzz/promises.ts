import type { Facts } from "../../packages/catalog/src/cataloger.ts";
import { PlimsollError } from "../../packages/kit/src/index.ts";
import type { Outcome } from "./target.ts";

/** What no message may hold: control, line and bidi characters. */
const unprintable = /[\p{Cc}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/u;

/** Breaks the run when a promise is broken. */
export function promise(holds: boolean, what: string): void {
  if (!holds) throw new Error(`broken promise: ${what}`);
}

/** A message as it may be printed. */
export function printable(message: string): void {
  promise(!unprintable.test(message), `a message with control characters: ${JSON.stringify(message).slice(0, 200)}`);
  promise(message.length <= 10_000, `a message of ${message.length} characters`);
}

/** Runs a parser that may refuse with an error of ours, and with nothing else. */
export async function orRefused(run: () => Outcome | Promise<Outcome>): Promise<Outcome> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof PlimsollError)) throw error;
    printable(error.message);
    printable(error.next);
    return { shape: error.code, value: [error.code, error.message] };
  }
}

/** Like {@link orRefused}, for parsers inside a boundary that turns any Error into a Problem: only crashes of our own making count. */
export async function orError(run: () => Promise<Outcome>): Promise<Outcome> {
  try {
    return await run();
  } catch (error) {
    // Words that V8 uses, and nobody who throws on purpose.
    const isBug =
      !(error instanceof Error) || /undefined|null|not a function|not iterable|call stack/i.test(error.message);
    if (isBug) throw error;
    return { shape: "error", value: [error.message] };
  }
}

/** What every cataloger promises of any bytes. */
export function soundFacts(facts: Facts, inputBytes: number): Outcome {
  const { packages = [], owns = [], problems = [] } = facts;
  const text = JSON.stringify(facts);
  promise(text.length <= 20_000_000 && text.length <= 200 * inputBytes + 100_000, `${text.length} characters of facts`);
  for (const { name, version } of packages) {
    promise(name !== "", "a package without a name");
    promise(name.length <= 2100, "a name longer than a path");
    promise(!/\p{Cc}/u.test(name + version), `a name with control characters: ${JSON.stringify(name)}`);
  }
  for (const { message, next } of problems) {
    printable(message);
    printable(next ?? "");
  }
  const codes = [...new Set(problems.map(({ level, code }) => `${level} ${code}`))].sort();
  const shape = `${sizeOf(packages.length)} ${sizeOf(owns.length)} ${facts.distro !== undefined} ${codes.join(" ")}`;
  return { shape, value: text };
}

/** Numbers of one size alike. */
export function sizeOf(count: number): number {
  return count === 0 ? 0 : 1 + Math.floor(Math.log2(count));
}
