import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { imageOf, opaqueOf, sharedData, type TarEntry, tarOf, whiteoutOf } from "@plimsoll/testkit";
import { openSource } from "../open-source.ts";
import type { SourceOptions } from "../source-options.ts";
import { recorder } from "./recorder.ts";

const rootfs = sharedData("rootfs", "alpine", "alpine-minirootfs-3.20.3-x86_64.tar.gz");
const lower =
  rootfs === null
    ? tarOf([
        { path: "etc/", type: "directory" },
        { path: "etc/alpine-release", body: "3.20.3\n" },
      ])
    : gunzipSync(readFileSync(rootfs));

const upper: TarEntry[] = [
  { path: "etc/motd", body: "changed\n" },
  whiteoutOf("etc/alpine-release"),
  { path: "opt/", type: "directory" },
  opaqueOf("opt"),
  { path: "opt/app/", type: "directory" },
  { path: "opt/app/main", body: "x".repeat(70_000), mode: 0o755 },
  { path: "opt/app/link", type: "symlink", linkname: "../../etc/motd" },
  { path: "opt/app/hard", type: "hardlink", linkname: "opt/app/main" },
  { path: `opt/${"long-folder-name/".repeat(12)}`, type: "directory" },
  { path: `opt/${"long-folder-name/".repeat(12)}file`, body: "deep" },
];

/** A real root file system with a layer of our own on top: whiteouts, links, long names. */
export const realImage = imageOf([lower, upper], { config: { Env: ["PATH=/bin"] } });

/** Everything seen in an image, in a form that is the same exactly when the layers are. */
export async function imageContent(text: string, options: SourceOptions) {
  await using source = await openSource(text, options);
  if (source.kind !== "image") throw new Error("no image");
  const started: ReturnType<typeof recorder>[] = [];
  const { image: read, problems } = await source.readLayers(() => {
    const visitor = recorder();
    started.push(visitor);
    return visitor;
  });
  const layers = started.map((seen) => ({
    diffId: seen.ends[0]?.diffId ?? "",
    size: seen.ends[0]?.size,
    entries: seen.entries,
    whiteouts: seen.whiteouts,
    bodies: [...seen.bodies].map(([path, bytes]) => [path, createHash("sha256").update(bytes).digest("hex")]),
  }));
  return {
    diffIds: read.layers.filter((layer) => layer.diffId !== null).map((layer) => layer.diffId),
    sizes: read.layers.map((layer) => layer.size),
    layers: layers.sort((a, b) => (a.diffId < b.diffId ? -1 : 1)),
    problems,
    transport: source.source.transport,
    digest: read.digest,
  };
}
