import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type ReportV1, reportV1 } from "@plimsoll/contract";
import {
  type Bytes,
  type ChildResult,
  type ChildRun,
  dockerArchiveOf,
  imageOf,
  repositoryRoot,
  type TarEntry,
} from "@plimsoll/testkit";
import { expect } from "vitest";
import { openHarbour } from "../../testing/harbour.ts";
import { strayFiles } from "../../testing/stray-files.ts";

/** Where bad input is played: a folder with a small database, and a command line that writes JSON v1. */
export interface Stage {
  readonly folder: string;
  /** Folder for `--dbpath`. */
  readonly db: string;
  /** alpine with musl alone: nothing known against it. */
  readonly clean: string;
  /** Writes a file below the folder, parents included; answers its path. */
  save(name: string, content: Bytes): string;
  /** `plimsoll scan SOURCE …` with the small database, JSON on stdout. */
  scan(source: string, more?: readonly string[], run?: Partial<ChildRun>): Promise<ChildResult>;
  /** `plimsoll …`, as given. */
  run(args: readonly string[], run?: Partial<ChildRun>): Promise<ChildResult>;
  close(): void;
}

/** Builds it; close it in `afterAll`. */
export async function openStage(): Promise<Stage> {
  const harbour = await openHarbour();
  // Compiled once for all: a third of the time of every child.
  const env = { NODE_COMPILE_CACHE: join(repositoryRoot, "node_modules", ".cache", "plimsoll-children") };
  const run: Stage["run"] = (args, more = {}) => harbour.run(args, { ...more, env: { ...env, ...more.env } });
  return {
    folder: harbour.folder,
    db: harbour.db,
    clean: harbour.clean,
    save(name, content) {
      const path = join(harbour.folder, name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, content);
      return path;
    },
    scan: (source, more = [], how = {}) =>
      run(["scan", source, "-d", harbour.db, "-n", "--output", "json", ...more], how),
    run,
    close: harbour.close,
  };
}

/** Layers of a small, whole image: alpine with musl, and the npm package `ms` on top. Nothing is known against either. */
export const wholeLayers: readonly (readonly TarEntry[])[] = [
  [
    { path: "etc/os-release", body: "ID=alpine\nVERSION_ID=3.18.4\n" },
    { path: "lib/apk/db/installed", body: "P:musl\nV:1.2.4-r1\nA:x86_64\no:musl\n\n" },
  ],
  [{ path: "app/node_modules/ms/package.json", body: '{"name":"ms","version":"2.1.3"}' }],
];

/** The names of what is in {@link wholeLayers}: what a report must hold whatever lies beside it. */
export const wholePackages: readonly string[] = ["ms", "musl"];

/** A saved image of {@link wholeLayers} with one more layer on top. */
export function archiveWith(...entries: readonly TarEntry[]): Buffer {
  return dockerArchiveOf([imageOf([...wholeLayers, entries])]);
}

/** How a run that could not do its work must end. */
export interface Refusal {
  /** Several that will do stand with | between them. */
  readonly code: string;
  readonly exit: 2 | 3;
  /** Words of the message or of the next step. */
  readonly says?: readonly (string | RegExp)[];
  readonly peakMb?: number;
  readonly wallMs?: number;
}

/** Two lines on stderr (what, with its code; what to do next), the exit code, nothing on stdout, nothing left behind, little memory and time. */
export function expectRefusal(child: ChildResult, { code, exit, says = [], ...cost }: Refusal): void {
  expect(child.stderr).toMatch(/^plimsoll: [^\n]{10,} \[[A-Z0-9_]+\]\n {2}next: [^\n]{10,}\n$/);
  expect(child.stderr).toMatch(new RegExp(`\\[(?:${code})\\]\\n`));
  expect(child.stderr).not.toMatch(/\{\w+\}|undefined|\[object|INTERNAL/);
  for (const words of says) expect(child.stderr).toMatch(words);
  expect([child.code, child.signal, child.stdout]).toEqual([exit, null, ""]);
  expectCheap(child, cost);
}

/** How a run that gave an answer must end. */
export interface Answer {
  readonly exit: 0 | 1 | 3;
  readonly peakMb?: number;
  readonly wallMs?: number;
}

/** A valid JSON report alone on stdout, the exit code that its verdict means, no crash, nothing left behind, little memory and time. */
export function expectReport(child: ChildResult, { exit, ...cost }: Answer): ReportV1["result"] {
  expect([child.code, child.signal], child.stderr + child.stdout.slice(0, 500)).toEqual([exit, null]);
  const { result } = reportV1.parse(JSON.parse(child.stdout));
  const { problems = [], complete, policies } = result;
  expect(complete).toBe(problems.every(({ level }) => level !== "incomplete"));
  expect(policies.globalEvaluation).toBe(exit === 1 ? "failed" : "passed");
  // A cataloger that throws is a defect of ours, whatever it was given.
  expect(problems.filter((problem) => problem.code === "cataloger-failed")).toEqual([]);
  expectCheap(child, cost);
  return result;
}

/** Names of a report's packages, sorted. */
export function namesIn(result: ReportV1["result"]): string[] {
  return Object.values(result.packages ?? {})
    .map(({ name }) => name)
    .sort();
}

/** What a report says about one path. */
export function problemsAt(result: ReportV1["result"], path: string | RegExp) {
  const isMeant = (at: string): boolean => (typeof path === "string" ? at === path : path.test(at));
  return (result.problems ?? []).filter((problem) => isMeant(String(problem.path ?? "")));
}

function expectCheap(
  child: ChildResult,
  { peakMb = 200, wallMs = 20_000 }: { peakMb?: number; wallMs?: number },
): void {
  expect(strayFiles(child)).toEqual([]);
  expect(child.peakRssBytes / 1e6).toBeLessThan(peakMb);
  expect(child.wallMs).toBeLessThan(wallMs);
}
