import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { LineCount } from "./coverage.ts";
import type { Finding, Slice } from "./run-slice.ts";

/** What a campaign knows of one target. */
export interface TargetResult {
  readonly slices: number;
  readonly executions: number;
  readonly cpuMs: number;
  readonly corpus: number;
  readonly lines: LineCount;
  /** Places in our code where it broke, each with the file of its shortest input. */
  readonly findings: Readonly<Record<string, string>>;
}

export type Results = Record<string, TargetResult>;

const nothing: TargetResult = {
  slices: 0,
  executions: 0,
  cpuMs: 0,
  corpus: 0,
  lines: { covered: 0, total: 0 },
  findings: {},
};

/** The results so far. */
export function readResults(state: string): Results {
  const path = join(state, "results.json");
  return existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as Results) : {};
}

/** Adds a slice, and writes all down. */
export function addSlice(state: string, { target, slice }: { target: string; slice: Slice }): Results {
  const results = readResults(state);
  const before = results[target] ?? nothing;
  results[target] = {
    slices: before.slices + 1,
    executions: before.executions + slice.executions,
    cpuMs: before.cpuMs + slice.cpuMs,
    corpus: slice.end?.corpus ?? before.corpus,
    lines: slice.end?.lines ?? before.lines,
    findings: { ...before.findings, ...Object.fromEntries(slice.findings.map((finding) => keep(state, finding))) },
  };
  mkdirSync(state, { recursive: true });
  writeFileSync(join(state, "results.part"), JSON.stringify(results, null, 2));
  renameSync(join(state, "results.part"), join(state, "results.json"));
  return results;
}

/** One finding for each kind and place; a shorter input takes the place of a longer one. */
function keep(state: string, { target, what, input, error }: Finding): [string, string] {
  const key = `${what}: ${error.split("\n")[0]?.slice(0, 160)} ${placeIn(error)}`.trim();
  const folder = join(state, "findings", target);
  const path = join(folder, createHash("sha256").update(key).digest("hex").slice(0, 12));
  mkdirSync(folder, { recursive: true });
  if (!existsSync(path) || readFileSync(path).length > input.length) {
    writeFileSync(path, input);
    writeFileSync(`${path}.txt`, `${what}\n${error}\n`);
  }
  return [key.replace(/\d+ ms/, "… ms"), path];
}

/** The innermost line of ours in a stack. */
function placeIn(stack: string): string {
  return /((?:packages|apps)\/[\w./-]+\.ts:\d+)/.exec(stack)?.[1] ?? "";
}

/** The table of docs/reliability.md. */
export function markdown(results: Results): string {
  const rows = Object.entries(results).map(([name, { executions, cpuMs, corpus, lines }]) => {
    const share = lines.total === 0 ? "" : `${Math.floor((100 * lines.covered) / lines.total)} %`;
    const cells = [name, executions.toLocaleString("en"), (cpuMs / 60_000).toFixed(1), corpus, share, lines.total];
    return `| ${cells.join(" | ")} |`;
  });
  const head = [
    "| target | executions | minutes | corpus | lines run | lines |",
    "| --- | ---: | ---: | ---: | ---: | ---: |",
  ];
  return [...head, ...rows.sort()].join("\n");
}
