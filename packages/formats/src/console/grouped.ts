import type { Package } from "@plimsoll/model";
import { layerCommand } from "../layer-command.ts";
import { sizeText } from "../sizes.ts";
import { nameText, prose, type Scene } from "./context.ts";
import { findingTable } from "./findings.ts";
import { layerLines, packageTable } from "./packages.ts";

/** Packages shown before the rest is only counted; `--full-vulns-table` shows all. */
const shownPackages = 50;

/** The packages, worst first, in the grouping the reader asked for. */
export function packageSections(packages: readonly Package[], scene: Scene): string[][] {
  if (packages.length === 0) return [];
  if (scene.options.text.groupBy === "layer") return byLayer(packages, scene);
  if (scene.options.text.groupBy === "image") return byImage(packages, scene);
  return [tableOf(packages, scene, { place: true }), layerLines(packages, scene)];
}

function tableOf(packages: readonly Package[], scene: Scene, options: { readonly place: boolean }): string[] {
  if (scene.options.text.everyFinding) return findingTable(packages, scene);
  const lines = packageTable(packages.slice(0, shownPackages), scene, options);
  const more = packages.length - shownPackages;
  return more > 0
    ? [...lines, scene.paint("quiet", `  and ${more} more packages; all with --full-vulns-table`)]
    : lines;
}

/** Lowest layer first, each under its command; packages of no layer (hosts) come last. */
function byLayer(packages: readonly Package[], scene: Scene): string[][] {
  const groups = [...Map.groupBy(packages, ({ introducedIn }) => scene.index.layerOf(introducedIn))];
  const place = (keyed: (typeof groups)[number][0]): number => keyed?.layer.index ?? Number.POSITIVE_INFINITY;
  return groups
    .toSorted(([a], [b]) => place(a) - place(b))
    .map(([keyed, brought]) => [...layerTitle(keyed, scene), ...tableOf(brought, scene, { place: false })]);
}

function layerTitle(keyed: ReturnType<Scene["index"]["layerOf"]>, { paint, columns }: Scene): string[] {
  if (keyed === null) return [paint("heading", "In no layer")];
  const { index, command, size } = keyed.layer;
  const words = `Layer ${index}, ${sizeText(size ?? 0)}: ${layerCommand(command)}`;
  return prose(words, { columns, indent: "" })
    .slice(0, 2)
    .map((line) => paint("heading", line));
}

/** Base image and application (spec F033): a base is only known where one was scanned, which a scan alone cannot know. */
function byImage(packages: readonly Package[], scene: Scene): string[][] {
  const label = scene.index.report.sbom.image?.config.labels["org.opencontainers.image.base.name"];
  const named = label === undefined ? "" : ` The image says that it was built on ${nameText(label, 120)}.`;
  const known = `Base image not known: which layers are a base shows only where that base was scanned too.${named}`;
  return [
    prose(known, { columns: scene.columns, indent: "" }),
    [scene.paint("heading", "All layers"), ...tableOf(packages, scene, { place: true })],
  ];
}
