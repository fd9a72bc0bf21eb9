import type { LayerChange, PackageChange, PackageState } from "@plimsoll/model";
import { nameText } from "../console/context.ts";
import type { Tone } from "../console/paint.ts";
import { type Cell, type Column, table } from "../console/table.ts";
import { changedPackages, findingsByPackage, nameOf, versionWords } from "../diff-words.ts";
import { layerCommand } from "../layer-command.ts";
import { groupDigits } from "../sizes.ts";
import { layerText } from "./findings.ts";
import { type DiffScene, shownRows } from "./scene.ts";

const tones: Readonly<Record<PackageState, Tone>> = {
  added: "strong",
  upgraded: "good",
  downgraded: "warn",
  changed: "warn",
  removed: "quiet",
  unchanged: "plain",
};

/** Packages that came, changed or went, with the findings they brought and took. */
export function packageLines(scene: DiffScene): string[] {
  const { difference, columns, paint, everyRow } = scene;
  const changed = changedPackages(difference);
  if (changed.length === 0) return [];
  const counts = findingsByPackage(difference);
  const weight = (change: PackageChange): number => {
    const { added = 0, fixed = 0 } = counts.get(change) ?? {};
    return added + fixed > 0 ? 1 : 0;
  };
  // Where not all fit, those that matter are shown.
  const worthy = changed.toSorted((a, b) => weight(b) - weight(a)).slice(0, shownRows);
  const shown = everyRow ? changed : changed.filter((change) => worthy.includes(change));
  const titles: Column[] = [
    { title: "" },
    { title: "PACKAGE", min: 14 },
    { title: "VERSION", min: 14 },
    { title: "NEW", align: "right" },
    { title: "FIXED", align: "right" },
    { title: "LAYER", min: 5, overflow: "cut", drop: 1 },
  ];
  const rows = shown.map((change): Cell[] => {
    const { added = 0, fixed = 0 } = counts.get(change) ?? {};
    return [
      { text: change.state, tone: tones[change.state] },
      { text: nameText(nameOf(change), 80), tone: "strong" },
      { text: nameText(versionWords(change), 120) },
      countCell(added, "bad"),
      countCell(fixed, "good"),
      { text: layerText(change), tone: "quiet" },
    ];
  });
  const more = changed.length - shown.length;
  return [
    paint("heading", `Packages that differ (${groupDigits(changed.length)})`),
    ...table(titles, rows, { columns, indent: 2, paint }),
    ...(more > 0 ? [paint("quiet", `  and ${groupDigits(more)} more; all with --full-vulns-table`)] : []),
  ];
}

const marks: Readonly<Record<LayerChange["state"], readonly [mark: string, tone: Tone]>> = {
  shared: ["=", "quiet"],
  moved: ["~", "plain"],
  added: ["+", "strong"],
  removed: ["-", "quiet"],
};

/** Layers from the lowest: shared ones as one line, then what moved, came and went. */
export function layerLines({ difference, columns, paint }: DiffScene): string[] {
  const { layers } = difference;
  const isTold = ({ state, added, fixed }: LayerChange): boolean => state !== "shared" || added + fixed > 0;
  const told = layers.filter(isTold);
  if (told.length === 0) return [];
  const quiet = layers.length - told.length;
  const titles: Column[] = [
    { title: "" },
    { title: "LAYER", align: "right" },
    { title: "NEW", align: "right" },
    { title: "FIXED", align: "right" },
    { title: "COMMAND", min: 20, overflow: "cut" },
  ];
  const rows = told.map(({ state, before, after, added, fixed }): Cell[] => {
    const layer = after ?? before;
    const [mark, tone] = marks[state];
    return [
      { text: `${mark} ${state}`, tone },
      { text: String(layer?.index ?? "") },
      countCell(added, "bad"),
      countCell(fixed, "good"),
      { text: layerCommand(layer?.command ?? ""), tone: "quiet" },
    ];
  });
  return [
    paint("heading", "Layers that differ"),
    ...(quiet > 0 ? [paint("quiet", `  ${quiet} shared from the bottom`)] : []),
    ...table(titles, rows, { columns, indent: 2, paint }),
  ];
}

function countCell(count: number, tone: Tone): Cell {
  return count === 0 ? { text: "·", tone: "quiet" } : { text: groupDigits(count), tone };
}
