import type { DiffId } from "./digest.ts";

/** `incomplete`: a clean answer could be false (decision 1). */
export const problemLevels = ["note", "warning", "incomplete"] as const;
export type ProblemLevel = (typeof problemLevels)[number];

/** Something that was not read or is not known, inside an otherwise good result. Shown in every output. */
export interface Problem {
  readonly level: ProblemLevel;
  /** Stable kebab-case word a machine can select on, e.g. `file-too-large`. */
  readonly code: string;
  /** One line for people, without the path (it has its own field). */
  readonly message: string;
  /** What to do about it, one line. */
  readonly next?: string;
  readonly path?: string;
  readonly layer?: DiffId;
  /** purl or name of the package concerned. */
  readonly package?: string;
  readonly feed?: string;
}

/** Whether any problem means that a clean answer could be false. */
export function isIncomplete(problems: readonly Problem[]): boolean {
  return problems.some((problem) => problem.level === "incomplete");
}

/** Worst level first, then code, path, message: the one order of problems in every document; exact repeats are dropped. */
export function sortProblems(problems: readonly Problem[]): Problem[] {
  const unique = new Map(problems.map((problem) => [problemKey(problem), problem]));
  return [...unique.entries()].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([, problem]) => problem);
}

function problemKey(problem: Problem): string {
  const rank = problemLevels.length - problemLevels.indexOf(problem.level);
  const { code, path, message, layer, package: name, feed } = problem;
  return JSON.stringify([rank, code, path ?? "", message, layer ?? "", name ?? "", feed ?? ""]);
}
