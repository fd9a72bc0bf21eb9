import { type Attachment, attachmentKinds, distroLabel } from "@plimsoll/model";
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
  if (sbom.source.attachments !== undefined) rows.push(["Attached", attachedText(sbom.source.attachments)]);
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

const attachmentWords = {
  sbom: "SBOM",
  vex: "VEX document",
  provenance: "provenance",
  signature: "signature",
  other: "other document",
} as const;

/** Nobody verified them: what is attached is said, not what it says. */
function attachedText(attachments: readonly Attachment[]): string {
  const parts = attachmentKinds.flatMap((kind) => {
    const count = attachments.filter((attachment) => attachment.kind === kind).length;
    return count === 0 ? [] : [kind === "provenance" ? `${count} provenance` : countText(count, attachmentWords[kind])];
  });
  return parts.length === 0 ? "nothing" : `${parts.join(", ")} (not verified)`;
}
