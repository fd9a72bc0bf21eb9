import { readFileSync } from "node:fs";
import { type Profiler, Session } from "node:inspector";
import { stripTypeScriptTypes } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** Lines of code that ran whole, of all lines of code. */
export interface LineCount {
  readonly covered: number;
  readonly total: number;
}

/** V8's own block coverage of this thread. */
export class Coverage {
  readonly #session = new Session();
  /** Script → a byte for each character: whether it ever ran. */
  readonly #seen = new Map<string, Uint8Array>();
  #prefixes: readonly string[] = [];

  /** Start it before the files are imported, else what they do on import is not counted. */
  constructor() {
    this.#session.connect();
    this.#session.post("Profiler.enable");
    this.#session.post("Profiler.startPreciseCoverage", { callCount: true, detailed: true });
  }

  /** Counts from now on the files whose paths begin with one of `scope`, under `root`. */
  watch(root: string, scope: readonly string[]): void {
    this.#prefixes = scope.map((path) => join(root, path));
  }

  /** Whether anything ran since the last call that is not known to have run before. */
  isNew(): boolean {
    return this.#take().some((script) => this.#addTo(script, false) > 0);
  }

  /** From now on all that ran since the last call is known. */
  learn(): void {
    for (const script of this.#take()) this.#addTo(script, true);
  }

  /** Lines that ran since the last call; they are known from now on. */
  lines(): LineCount {
    const scripts = this.#take();
    for (const script of scripts) this.#addTo(script, true);
    const counts = scripts.map(linesOf);
    return {
      covered: counts.reduce((sum, { covered }) => sum + covered, 0),
      total: counts.reduce((sum, { total }) => sum + total, 0),
    };
  }

  /** How many characters of the script ran for the first time. */
  #addTo(script: Profiler.ScriptCoverage, isKept: boolean): number {
    const ran = ranIn(script);
    let seen = this.#seen.get(script.scriptId) ?? new Uint8Array(0);
    if (seen.length < ran.length) {
      const longer = new Uint8Array(ran.length);
      longer.set(seen);
      seen = longer;
      this.#seen.set(script.scriptId, seen);
    }
    let fresh = 0;
    for (let at = 0; at < ran.length; at++) {
      if (ran[at] === 0 || seen[at] === 1) continue;
      fresh += 1;
      if (isKept) seen[at] = 1;
    }
    return fresh;
  }

  #take(): Profiler.ScriptCoverage[] {
    let scripts: Profiler.ScriptCoverage[] = [];
    // Within one thread the answer comes before post() returns.
    this.#session.post("Profiler.takePreciseCoverage", (error, { result }) => {
      if (error !== null) throw error;
      scripts = result.filter(({ url }) => this.#counts(url));
    });
    return scripts;
  }

  #counts(url: string): boolean {
    if (!url.startsWith("file:")) return false;
    const path = fileURLToPath(url);
    return this.#prefixes.some((prefix) => path.startsWith(prefix)) && !/\/(testing|testdata)\//.test(path);
  }
}

/**
 * A byte for each character: whether it ran. Outer functions and blocks come first, so the innermost has the last word.
 * What ran as often as what is around it is told with that: only the places count, not how V8 cuts them.
 */
function ranIn({ functions }: Profiler.ScriptCoverage, length = lengthOf(functions)): Uint8Array {
  const ran = new Uint8Array(length);
  for (const { ranges } of functions) {
    for (const { startOffset, endOffset, count } of ranges) ran.fill(count > 0 ? 1 : 0, startOffset, endOffset);
  }
  return ran;
}

function lengthOf(functions: readonly Profiler.FunctionCoverage[]): number {
  return functions.reduce((most, { ranges }) => Math.max(most, ranges[0]?.endOffset ?? 0), 0);
}

/** Types are erased with their places kept: offsets of what ran are those of the stripped text. */
function linesOf(script: Profiler.ScriptCoverage): LineCount {
  const text = stripTypeScriptTypes(readFileSync(new URL(script.url), "utf8"));
  const ran = ranIn(script, text.length);
  let covered = 0;
  let total = 0;
  let at = 0;
  for (const line of text.split("\n")) {
    const start = at;
    at += line.length + 1;
    if (!/\w/.test(line) || /^\s*(\/\/|\/?\*)/.test(line)) continue;
    total += 1;
    if (!ran.subarray(start + line.search(/\S/), start + line.trimEnd().length).includes(0)) covered += 1;
  }
  return { covered, total };
}
