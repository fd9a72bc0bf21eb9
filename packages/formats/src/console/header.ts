import { distroLabel } from "@plimsoll/model";
import { countText, sizeText } from "../sizes.ts";
import { pullStringOf } from "../wire-values.ts";
import { nameText, type Scene } from "./context.ts";
import { pad, wrap } from "./display-width.ts";

const titles = { image: "Image", host: "Host", directory: "Directory" } as const;

/** What was scanned. A digest is never broken over lines: people copy it. */
export function headerLines({ index, options, paint, columns }: Scene): string[] {
  const { sbom } = index.report;
  const rows: [string, string][] = [[titles[sbom.source.kind], pullStringOf(index.report, options)]];
  if (sbom.image !== null) {
    rows.push(["Image ID", sbom.image.imageId]);
    if (sbom.image.digest !== null) rows.push(["Digest", sbom.image.digest]);
  }
  if (sbom.distro !== null || sbom.source.kind !== "directory") rows.push(["System", systemText(sbom)]);
  if (sbom.image !== null) rows.push(["Layers", layersText(sbom.image)]);
  return rows.flatMap(([title, value], row) => {
    const lines = wrap(nameText(value, 300), Math.max(columns - 10, 71));
    const tone = row === 0 ? "strong" : "plain";
    return lines.map((line, at) => `${paint("quiet", pad(at === 0 ? title : "", 10))}${paint(tone, line)}`);
  });
}

function systemText({ distro, image }: Scene["index"]["report"]["sbom"]): string {
  const platform = image === null ? "" : [image.os, image.architecture, image.variant].filter(Boolean).join("/");
  const label = distroLabel(distro);
  const known = distro?.prettyName === undefined ? label : `${distro.prettyName} (${label})`;
  return [distro === null ? "no distribution recognised" : known, platform].filter((part) => part !== "").join(", ");
}

function layersText({ layers, size, created }: NonNullable<Scene["index"]["report"]["sbom"]["image"]>): string {
  const filled = layers.filter(({ diffId }) => diffId !== null).length;
  const day = created?.slice(0, 10) ?? "";
  const built = /^\d{4}-\d\d-\d\d$/.test(day) ? `, built ${day}` : "";
  return `${countText(filled, "layer")} in ${countText(layers.length, "history row")}, ${sizeText(size)}${built}`;
}
