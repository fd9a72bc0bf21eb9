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
  readonly #seen = new Set<string>();
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

  /** How many blocks ran since the last call that had never run before. */
  newBlocks(): number {
    const before = this.#seen.size;
    for (const key of keysOf(this.#take())) this.#seen.add(key);
    return this.#seen.size - before;
  }

  /** Blocks that ran since the last call, whether known or not; they do not count as seen. */
  blocks(): ReadonlySet<string> {
    return new Set(keysOf(this.#take()));
  }

  /** Whether a block ran in this thread at some counted time. */
  knows(block: string): boolean {
    return this.#seen.has(block);
  }

  /** Lines that ran since the last call; the blocks count as seen. */
  lines(): LineCount {
    const scripts = this.#take();
    for (const key of keysOf(scripts)) this.#seen.add(key);
    const counts = scripts.map(linesOf);
    return {
      covered: counts.reduce((sum, { covered }) => sum + covered, 0),
      total: counts.reduce((sum, { total }) => sum + total, 0),
    };
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

function* keysOf(scripts: readonly Profiler.ScriptCoverage[]): Generator<string> {
  for (const { scriptId, functions } of scripts) {
    for (const { ranges } of functions) {
      for (const { startOffset, endOffset, count } of ranges) {
        if (count > 0) yield `${scriptId}:${startOffset}:${endOffset}`;
      }
    }
  }
}

/** Types are erased with their places kept: offsets of what ran are those of the stripped text. */
function linesOf({ url, functions }: Profiler.ScriptCoverage): LineCount {
  const text = stripTypeScriptTypes(readFileSync(new URL(url), "utf8"));
  const ran = new Uint8Array(text.length).fill(1);
  // Outer functions and blocks come first: the innermost has the last word.
  for (const { ranges } of functions) {
    for (const { startOffset, endOffset, count } of ranges) ran.fill(count > 0 ? 1 : 0, startOffset, endOffset);
  }
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
