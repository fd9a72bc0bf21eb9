import type { Problem, ProblemLevel } from "@plimsoll/model";
import { groupDigits } from "../sizes.ts";
import { nameText, prose, type Scene } from "./context.ts";
import type { Tone } from "./paint.ts";

const tones: Readonly<Record<ProblemLevel, Tone>> = { incomplete: "bad", warning: "warn", note: "quiet" };
/** Examples shown of one kind of problem; the rest is counted. */
const shownOfAKind = 5;

/** What makes a clean answer doubtful: belongs near the top. */
export function incompleteLines(scene: Scene): string[] {
  const problems = scene.index.report.problems.filter(({ level }) => level === "incomplete");
  if (problems.length === 0) return [];
  return [`${scene.paint("bad", "Incomplete")}: a clean answer could be false`, ...kindsOf(problems, scene)];
}

/** Everything else that was not read or is not known, worst first. */
export function remarkLines(scene: Scene): string[] {
  const problems = scene.index.report.problems.filter(({ level }) => level !== "incomplete");
  return problems.length === 0 ? [] : [scene.paint("heading", "Remarks"), ...kindsOf(problems, scene)];
}

/** Problems of one kind and wording stand together: said once, with the places behind it. */
function kindsOf(problems: readonly Problem[], scene: Scene): string[] {
  const kinds = Map.groupBy(problems, ({ level, code, message, next }) => JSON.stringify([level, code, message, next]));
  const perCode = Map.groupBy(kinds.values(), ([first]) => `${first?.level} ${first?.code}`);
  return [...perCode.values()].flatMap((wordings) => [
    ...wordings.slice(0, shownOfAKind).flatMap((kind, place) => {
      const isLast = place === Math.min(wordings.length, shownOfAKind) - 1;
      const nextIsSame = wordings[place + 1]?.[0]?.next === kind[0]?.next;
      return kindLines(kind, scene, { sayNext: isLast || !nextIsSame });
    }),
    ...(wordings.length > shownOfAKind ? [moreLine(wordings.slice(shownOfAKind).flat().length, scene)] : []),
  ]);
}

function kindLines(kind: readonly Problem[], scene: Scene, { sayNext }: { readonly sayNext: boolean }): string[] {
  const [first] = kind;
  if (first === undefined) return [];
  const { level, message, next } = first;
  const { columns, paint } = scene;
  const [head = "", ...rest] = prose(nameText(message, 600), { columns, indent: "    " });
  const places = kind.slice(0, shownOfAKind).flatMap((problem) => placeLines(problem, scene));
  return [
    `  ${paint(tones[level], level === "note" ? "·" : "!")} ${head.trimStart()}`,
    ...rest,
    ...places,
    ...(kind.length > shownOfAKind ? [moreLine(kind.length - shownOfAKind, scene)] : []),
    ...(next === undefined || !sayNext ? [] : prose(`→ ${nameText(next, 400)}`, { columns, indent: "    " })),
  ];
}

function moreLine(count: number, { paint }: Scene): string {
  return paint("quiet", `    and ${groupDigits(count)} more of this kind`);
}

function placeLines({ path, layer, package: pkg, feed }: Problem, { index, paint, columns }: Scene): string[] {
  const keyed = layer === undefined ? null : index.layerOf(layer);
  const where = [
    path === undefined ? "" : nameText(path, 300),
    keyed === null ? "" : `layer ${keyed.layer.index}`,
    pkg === undefined ? "" : nameText(pkg, 200),
    feed === undefined ? "" : `feed ${nameText(feed, 80)}`,
  ].filter((part) => part !== "");
  if (where.length === 0) return [];
  return prose(where.join(", "), { columns, indent: "    " }).map((line) => paint("quiet", line));
}
