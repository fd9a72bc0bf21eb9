import { isPresent, type Package, severities } from "@plimsoll/model";
import { layerCommand } from "../layer-command.ts";
import { severityWords } from "../severity-words.ts";
import { pathOf } from "../wire-values.ts";
import { countSeverities } from "../worst-packages.ts";
import { nameText, type Scene } from "./context.ts";
import { type Cell, type Column, table } from "./table.ts";

/** A table of packages: name, version, what to upgrade to, counts by severity, worst finding, where it came from. */
export function packageTable(
  packages: readonly Package[],
  scene: Scene,
  options: { readonly place: boolean },
): string[] {
  const wide = scene.columns >= 120;
  const roomy = scene.columns >= 70;
  const shown = severities.filter((severity) => {
    return packages.some(({ id }) => countSeverities(scene.index.findingsOf.get(id) ?? [])[severity] > 0);
  });
  const columns: Column[] = [
    { title: "PACKAGE", min: roomy ? 22 : 10 },
    { title: "VERSION", min: roomy ? 12 : 8 },
    { title: "FIX", min: roomy ? 12 : 8 },
    ...shown.map((severity): Column => ({ title: wide ? shortWords[severity] : letters[severity], align: "right" })),
    { title: "WORST", min: 14, drop: 2 },
    ...(options.place ? [placeColumn(scene, wide)] : []),
  ];
  const rows = packages.map((pkg): Cell[] => {
    const findings = scene.index.findingsOf.get(pkg.id) ?? [];
    const counts = countSeverities(findings);
    return [
      { text: packageName(pkg, packages, scene.index.layers.length > 0), tone: "strong" },
      { text: nameText(pkg.version, 60) },
      fixCell(pkg, scene),
      ...shown.map((severity) => countCell(counts[severity], severity)),
      worstCell(pkg, scene),
      ...(options.place ? [{ text: placeText(pkg, scene, wide), tone: "quiet" as const }] : []),
    ];
  });
  return table(columns, rows, { columns: scene.columns, indent: 2, paint: scene.paint });
}

const letters = { critical: "C", high: "H", medium: "M", low: "L", negligible: "N", unknown: "?" } as const;
const shortWords = {
  critical: "CRIT",
  high: "HIGH",
  medium: "MED",
  low: "LOW",
  negligible: "NEG",
  unknown: "UNRATED",
} as const;

/** The name; with its path where the same name and version was found more than once and no column says where. */
function packageName(pkg: Package, packages: readonly Package[], hasLayers: boolean): string {
  const twins = packages.filter(({ name, version }) => name === pkg.name && version === pkg.version).length > 1;
  const name = nameText(pkg.name, 80);
  return twins && hasLayers ? `${name} ${nameText(pathOf(pkg), 200)}` : name;
}

function fixCell(pkg: Package, { index }: Scene): Cell {
  const fix = index.fixOf.get(pkg.id);
  if (fix !== undefined) return { text: nameText(fix.clearsAll, 60), tone: "good" };
  const wontFix = (index.findingsOf.get(pkg.id) ?? []).every(({ fixState }) => fixState === "wont-fix");
  return { text: wontFix ? "won't fix" : "none yet", tone: "quiet" };
}

function countCell(count: number, severity: (typeof severities)[number]): Cell {
  return count === 0 ? { text: "·", tone: "quiet" } : { text: String(count), tone: severity };
}

function worstCell(pkg: Package, { index }: Scene): Cell {
  const [worst, ...others] = index.findingsOf.get(pkg.id) ?? [];
  if (worst === undefined) return { text: "" };
  const more = others.length > 0 ? ` +${others.length}` : "";
  return { text: `${nameText(worst.vulnerability, 40)}${flagText(worst)}${more}`, tone: worst.severity };
}

/** ` exploited` for an entry of CISA KEV, ` exploit` for a public one, else nothing. */
export function flagText({ exploit, kev }: { readonly exploit: unknown; readonly kev: unknown }): string {
  if (kev !== null) return " exploited";
  return exploit === null ? "" : " exploit";
}

/** In an image the layer that brought it, elsewhere the file. */
function placeColumn({ index }: Scene, wide: boolean): Column {
  return index.layers.length > 0
    ? { title: "LAYER", min: wide ? 12 : 5, overflow: "cut" }
    : { title: "FOUND IN", min: 16, drop: 1 };
}

function placeText(pkg: Package, { index }: Scene, wide: boolean): string {
  if (index.layers.length === 0) return nameText(pathOf(pkg), 200);
  const keyed = index.layerOf(pkg.introducedIn);
  if (keyed === null) return "";
  const place = String(keyed.layer.index);
  return wide ? `${place} ${layerCommand(keyed.layer.command).slice(0, 60)}` : place;
}

/** Layers that brought packages with findings: place, command, how many of which severity. */
export function layerLines(packages: readonly Package[], scene: Scene): string[] {
  const perLayer = Map.groupBy(packages.filter(isPresent), ({ introducedIn }) => scene.index.layerOf(introducedIn));
  const known = [...perLayer].flatMap(([keyed, brought]) => (keyed === null ? [] : [{ keyed, brought }]));
  if (known.length === 0) return [];
  const rows = known
    .toSorted((a, b) => a.keyed.layer.index - b.keyed.layer.index)
    .map(({ keyed, brought }): Cell[] => {
      const counts = countSeverities(brought.flatMap(({ id }) => scene.index.findingsOf.get(id) ?? []));
      const words = severities.filter((severity) => counts[severity] > 0);
      return [
        { text: String(keyed.layer.index), tone: "strong" },
        { text: words.map((severity) => `${counts[severity]} ${severityWords[severity].toLowerCase()}`).join(", ") },
        { text: layerCommand(keyed.layer.command), tone: "quiet" },
      ];
    });
  const columns: Column[] = [
    { title: "LAYER", align: "right" },
    { title: "BRINGS", min: 20 },
    { title: "COMMAND", min: 20, overflow: "cut" },
  ];
  return table(columns, rows, { columns: scene.columns, indent: 2, paint: scene.paint });
}
