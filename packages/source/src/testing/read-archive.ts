import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { defaultLimits, type Limits } from "@plimsoll/kit";
import type { DiffId } from "@plimsoll/model";
import { imageOf, sha256Of, tarOf, whiteoutOf } from "@plimsoll/testkit";
import { afterAll } from "vitest";
import { type ArchiveKind, openArchive } from "../archive/open-archive.ts";
import type { ImageRead, Progress } from "../entry.ts";
import { type Recorder, recorder } from "./recorder.ts";

/** A folder of this test file's own; removed when it is done. */
export const root = mkdtempSync(join(tmpdir(), "plimsoll-archive-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let count = 0;

/** Writes an archive and gives its path. */
export function file(bytes: Uint8Array): string {
  const path = join(root, `archive-${++count}.tar`);
  writeFileSync(path, bytes);
  return path;
}

/** Writes a layout, names and contents, and gives the path of its folder. */
export function folder(files: ReadonlyMap<string, Uint8Array>): string {
  const path = join(root, `layout-${++count}`);
  for (const [name, bytes] of files) {
    mkdirSync(dirname(join(path, name)), { recursive: true });
    writeFileSync(join(path, name), bytes);
  }
  return path;
}

interface Seen {
  readonly read: ImageRead;
  readonly layers: Map<DiffId, Recorder>;
  readonly hints: (DiffId | null)[];
}

interface How {
  readonly kind?: ArchiveKind;
  readonly platform?: string;
  readonly limits?: Partial<Limits>;
  readonly known?: DiffId;
  readonly onProgress?: (progress: Progress) => void;
}

/** Reads all layers of the image at a path, each with its recorder by diffID; `hints` are the diffIDs told beforehand. */
export async function readArchive(path: string, how: How = {}): Promise<Seen> {
  const [os = "linux", architecture = "amd64"] = (how.platform ?? "linux/amd64").split("/");
  await using image = await openArchive(path, {
    kind: how.kind ?? "any",
    wish: { platform: { os, architecture }, isExplicit: how.platform !== undefined },
    limits: { ...defaultLimits, ...how.limits },
  });
  const started: Recorder[] = [];
  const hints: (DiffId | null)[] = [];
  const options = how.onProgress === undefined ? {} : { onProgress: how.onProgress };
  const read = await image.readLayers((hint) => {
    hints.push(hint);
    if (hint !== null && hint === how.known) return null;
    const visitor = recorder();
    started.push(visitor);
    return visitor;
  }, options);
  return {
    read,
    hints,
    layers: new Map(started.map((visitor) => [visitor.ends[0]?.diffId ?? ("" as DiffId), visitor])),
  };
}

/** The image that the tests read: three layers, the third the same as the first. */
export const image = imageOf(
  [
    [
      { path: "etc/os-release", body: "ID=alpine\n" },
      { path: "old", body: "x".repeat(3000) },
    ],
    [whiteoutOf("old"), { path: "app/main", body: "hello" }],
    [
      { path: "etc/os-release", body: "ID=alpine\n" },
      { path: "old", body: "x".repeat(3000) },
    ],
  ],
  { config: { Env: ["A=1"], Labels: { b: "2", a: "1" }, User: "app", Cmd: ["run"], ExposedPorts: { "80/tcp": {} } } },
);
/** Its diffIDs. */
export const diffIds = image.layers.map((layer) => layer.diffId as string as DiffId);
/** The same image under a name. */
export const tagged = { ...image, tags: ["example.org/app:1.0"], tag: "1.0" };

/** The image's first layers as a docker archive, with another configuration. */
export function archiveWith(change: object, layers: number): Buffer {
  const kept = image.layers.slice(0, layers);
  const config = { os: "linux", architecture: "amd64", rootfs: { diff_ids: diffIds.slice(0, layers) }, ...change };
  const body = JSON.stringify(config);
  const name = `${sha256Of(body).slice(7)}.json`;
  return tarOf([
    ...kept.map((layer) => ({ path: `${layer.diffId.slice(7)}.tar`, body: layer.tar })),
    { path: name, body },
    {
      path: "manifest.json",
      body: JSON.stringify([{ Config: name, Layers: kept.map((layer) => `${layer.diffId.slice(7)}.tar`) }]),
    },
  ]);
}
