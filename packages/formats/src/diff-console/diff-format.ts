import type { ComparedSide } from "@plimsoll/model";
import { nameText, prose, usableColumns } from "../console/context.ts";
import { pad } from "../console/display-width.ts";
import { paintWith, type Tone } from "../console/paint.ts";
import type { DiffFormat } from "../diff-format.ts";
import { doubts, knowledgeWords, layersWords, sideWords, verdictWord } from "../diff-words.ts";
import { countLines, findingLines } from "./findings.ts";
import { layerLines, packageLines } from "./packages.ts";
import { policyLines } from "./policies.ts";
import type { DiffScene } from "./scene.ts";

/** The difference for people: fits the given width, colours only where asked for, every name from outside made harmless. */
export const diffConsole = {
  name: "console",
  mediaType: "text/plain; charset=utf-8",
  extension: "txt",
  write: (difference, { text }) => {
    const columns = usableColumns(text.columns);
    const scene: DiffScene = { difference, columns, paint: paintWith(text.colors), everyRow: text.everyRow };
    const sections = [
      headLines(scene),
      doubtLines(scene),
      countLines(scene),
      findingLines(scene, "added"),
      findingLines(scene, "worsened"),
      findingLines(scene, "fixed"),
      findingLines(scene, "eased"),
      packageLines(scene),
      layerLines(scene),
      policyLines(scene),
    ];
    return `${sections
      .filter((lines) => lines.length > 0)
      .map((lines) => lines.join("\n"))
      .join("\n\n")}\n`;
  },
} satisfies DiffFormat;

function headLines(scene: DiffScene): string[] {
  const { difference, columns, paint } = scene;
  const layers = layersWords(difference);
  return [
    ...sideLines("From", difference.before, scene),
    ...sideLines("To", difference.after, scene),
    ...(layers === "" ? [] : [`${paint("quiet", pad("Layers", 10))}${layers}`]),
    ...prose(nameText(knowledgeWords(difference), 600), { columns, indent: "" }),
  ];
}

const verdictTones: Readonly<Record<string, Tone>> = { passed: "good", failed: "bad" };

/** Name and verdict, then what it is; a digest is never broken over lines. */
function sideLines(title: string, side: ComparedSide, { paint }: DiffScene): string[] {
  const verdict = verdictWord(side);
  const { status, complete } = side.report.verdict;
  const tone: Tone =
    side.report.policies.length === 0 ? "quiet" : complete ? (verdictTones[status] ?? "plain") : "warn";
  const facts = nameText(sideWords(side), 300);
  return [
    `${paint("quiet", pad(title, 10))}${paint("strong", nameText(side.report.sbom.source.name, 300))}  ${paint(tone, verdict)}`,
    ...(facts === "" ? [] : [`${pad("", 10)}${paint("quiet", facts)}`]),
  ];
}

const toldDoubts = 20;

function doubtLines({ difference, paint, columns }: DiffScene): string[] {
  const all = doubts(difference);
  if (all.length === 0) return [];
  const lines = all.slice(0, toldDoubts).flatMap(({ side, words }) => {
    return prose(`${nameText(side, 120)}: ${nameText(words, 400)}`, { columns, indent: "  " });
  });
  const more = all.length > toldDoubts ? [`  and ${all.length - toldDoubts} more`] : [];
  return [paint("warn", "Incomplete: something new could be missing here"), ...lines, ...more];
}
