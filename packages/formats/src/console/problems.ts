import { isIncomplete, type Problem, type ProblemLevel } from "@plimsoll/model";
import { nameText, prose, type Scene } from "./context.ts";
import type { Tone } from "./paint.ts";
import { countText } from "./sizes.ts";

const tones: Readonly<Record<ProblemLevel, Tone>> = { incomplete: "bad", warning: "warn", note: "quiet" };
/** Examples shown of one kind of problem; the rest is counted. */
const shownOfAKind = 5;

/** Whether problems belong near the top: a clean answer could be false. */
export function problemsFirst({ index }: Scene): boolean {
  return isIncomplete(index.report.problems);
}

/** What was not read or is not known, worst first. */
export function problemLines(scene: Scene): string[] {
  const { problems } = scene.index.report;
  if (problems.length === 0) return [];
  const incomplete = problems.filter(({ level }) => level === "incomplete").length;
  const title =
    incomplete > 0
      ? `${scene.paint("bad", "Incomplete")}: a clean answer could be false`
      : scene.paint("heading", "Remarks");
  const kinds = Map.groupBy(problems, ({ level, code }) => `${level} ${code}`);
  return [title, ...[...kinds.values()].flatMap((kind) => kindLines(kind, scene))];
}

function kindLines(kind: readonly Problem[], scene: Scene): string[] {
  const lines = kind.slice(0, shownOfAKind).flatMap((problem) => oneProblem(problem, scene));
  const more = kind.length - shownOfAKind;
  const next = kind[0]?.next;
  return [
    ...lines,
    ...(more > 0 ? [scene.paint("quiet", `    and ${countText(more, "more of this kind", "more of this kind")}`)] : []),
    ...(next === undefined ? [] : prose(`→ ${nameText(next, 400)}`, { columns: scene.columns, indent: "    " })),
  ];
}

function oneProblem(problem: Problem, { index, paint, columns }: Scene): string[] {
  const { level, message, path, layer, package: pkg, feed } = problem;
  const keyed = layer === undefined ? null : index.layerOf(layer);
  const where = [
    path === undefined ? "" : nameText(path, 300),
    keyed === null ? "" : `layer ${keyed.layer.index}`,
    pkg === undefined ? "" : nameText(pkg, 200),
    feed === undefined ? "" : `feed ${nameText(feed, 80)}`,
  ].filter((part) => part !== "");
  const [first = "", ...rest] = prose(nameText(message, 600), { columns, indent: "    " });
  return [
    `  ${paint(tones[level], level === "note" ? "·" : "!")} ${first.trimStart()}`,
    ...rest,
    ...(where.length === 0
      ? []
      : prose(where.join(", "), { columns, indent: "    " }).map((line) => paint("quiet", line))),
  ];
}
