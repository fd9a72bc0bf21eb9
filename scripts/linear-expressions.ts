/**
 * Regular expressions meet attackers' bytes, and one like `/\/+$/` takes the square of a text's length: a megabyte in a
 * label, a path or a setting would stop a scan for an hour. Every expression of the sources is asked for such texts by
 * recheck (automata, and a search where those do not reach), which knows of more than a fuzzer meets. Bounds around an
 * expression are not seen: give it its own, let it begin only where a run does (`(?<!\/)\/+$`), or do without it.
 */
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseSync } from "@swc/core";
import { check } from "recheck";

/** An expression as it is written, and the files that it is in. */
export interface Expression {
  readonly pattern: string;
  readonly flags: string;
  readonly files: readonly string[];
}

/** The expressions of all sources below `root` but tests; those that are put together by `new RegExp` are not seen. */
export function expressionsOf(root: string): Expression[] {
  const found = new Map<string, { pattern: string; flags: string; files: string[] }>();
  const exclude = ["**/*.test.ts", "**/*.test.tsx", "**/testing", "**/testdata", "**/e2e"];
  for (const file of globSync("{packages,apps}/*/src/**/*.{ts,tsx}", { cwd: root, exclude }).sort()) {
    const source = readFileSync(join(root, file), "utf8");
    const module = parseSync(source, { syntax: "typescript", tsx: file.endsWith("x"), target: "es2024" });
    for (const { pattern, flags } of literalsIn(module)) {
      const key = `/${pattern}/${flags}`;
      const known = found.get(key) ?? { pattern, flags, files: [] };
      known.files.push(file);
      found.set(key, known);
    }
  }
  return [...found.values()];
}

/** The search is held by what it reads, not by the clock: on a busy machine it says the same. */
const noClocks = { attackTimeout: null, incubationTimeout: null, seedingTimeout: null };

/** What is wrong with an expression; `null` when it takes time in proportion to the text. */
export async function costOf({ pattern, flags }: Pick<Expression, "pattern" | "flags">): Promise<string | null> {
  const told = await check(pattern, flags, { ...noClocks, timeout: 120_000 });
  if (told.status === "safe") return null;
  return told.status === "vulnerable" ? `${told.complexity.summary} by ${told.attack.pattern}` : told.error.kind;
}

interface Literal {
  readonly pattern: string;
  readonly flags: string;
}

function* literalsIn(node: unknown): Generator<Literal> {
  if (typeof node !== "object" || node === null) return;
  if ("type" in node && node.type === "RegExpLiteral") yield node as unknown as Literal;
  for (const child of Object.values(node)) yield* literalsIn(child);
}
