/**
 * `node bench/fuzz.ts [TARGET …] [--minutes N] [--slice SECONDS] [--jobs N] [--seed N] [--state FOLDER] [--report]`:
 * coverage-guided fuzzing of every parser. Targets take turns of a slice each until each has had so many minutes of
 * processor time (ten unless told otherwise; targets that share a parser share its minutes). Corpus, findings and
 * counts stay in the state folder: a campaign that was broken off goes on. A TARGET is a name or the start of names.
 * Fails when there is a finding. `--report` prints the table and runs nothing.
 */
import { join } from "node:path";
import { parseArgs } from "node:util";
import { addSlice, markdown, type Results, readResults } from "./fuzz/results.ts";
import { runSlice } from "./fuzz/run-slice.ts";
import type { FuzzTarget } from "./fuzz/target.ts";

const root = join(import.meta.dirname, "..");
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    minutes: { type: "string", default: "10" },
    slice: { type: "string", default: "60" },
    jobs: { type: "string", default: "1" },
    seed: { type: "string", default: "1" },
    state: { type: "string", default: join(root, "node_modules", ".cache", "plimsoll-fuzz") },
    report: { type: "boolean", default: false },
  },
});

if (values.report) console.log(markdown(readResults(values.state)));
else await campaign();

async function campaign(): Promise<void> {
  const { targets } = await import("./fuzz/targets.ts");
  const isMeant = ({ name }: FuzzTarget): boolean => positionals.some((word) => name.startsWith(word));
  const meant = positionals.length === 0 ? targets : targets.filter(isMeant);
  if (meant.length === 0) throw new Error(`targets: ${targets.map(({ name }) => name).join(", ")}`);
  const running = new Set<string>();
  await Promise.all(Array.from({ length: Number(values.jobs) }, () => work(meant, running)));
  const findings = Object.values(readResults(values.state)).flatMap((result) => Object.entries(result.findings));
  for (const [what, path] of findings) console.error(`FOUND ${what} (${path})`);
  if (findings.length > 0) process.exitCode = 1;
}

/** Takes the target that has had least of its time, until all had theirs. */
async function work(targets: readonly FuzzTarget[], running: Set<string>): Promise<void> {
  for (;;) {
    const results = readResults(values.state);
    const free = targets.filter(({ name }) => !running.has(name));
    const [next] = free.sort((a, b) => doneOf(a, results) - doneOf(b, results));
    if (next === undefined || doneOf(next, results) >= 1) return;
    running.add(next.name);
    // One that was stopped or cannot even start stays marked: what stopped it is mended before it goes on.
    if (await oneSlice(next, results)) running.delete(next.name);
  }
}

/** Answers whether the slice came to its end. */
async function oneSlice(target: FuzzTarget, results: Results): Promise<boolean> {
  const seed = Number(values.seed) + 7919 * (results[target.name]?.slices ?? 0);
  const forMs = Math.min(Number(values.slice) * 1000, minutesOf(target) * 60_000);
  const slice = await runSlice({ target: target.name, root, state: values.state, seed, forMs });
  const after = addSlice(values.state, { target: target.name, slice })[target.name];
  const lines = `${after?.lines.covered}/${after?.lines.total}`;
  console.log(`${target.name}: ${slice.executions} executions, corpus ${after?.corpus}, lines ${lines}`);
  for (const { what, error } of slice.findings.slice(0, 3))
    console.log(`  ${what}: ${error.split("\n").slice(0, 4).join(" | ")}`);
  return slice.end !== null;
}

function doneOf(target: FuzzTarget, results: Results): number {
  return (results[target.name]?.cpuMs ?? 0) / (minutesOf(target) * 60_000);
}

function minutesOf({ share = 1 }: FuzzTarget): number {
  return Number(values.minutes) * share;
}
