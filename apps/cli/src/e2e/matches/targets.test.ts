/** Targets that claim to be a real system are what `plimsoll sbom` reads from it. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dockerArchiveOf, imageOf, missingCommands, sharedData } from "@plimsoll/testkit";
import { afterAll, describe, expect, it } from "vitest";
import { inventoryOf } from "../inventory.ts";
import { readTargets } from "./targets.ts";

const systems = [
  { target: "alpine-3.9.6", archive: ["alpine", "alpine-minirootfs-3.9.6-x86_64.tar.gz"], unpacker: "gzip" },
  { target: "almalinux-9", archive: ["almalinux", "almalinux-9-micro-aarch64-2022-05-09.tar.xz"], unpacker: "xz" },
];
const missing = missingCommands("gzip", "xz");
const skipped =
  sharedData("rootfs") === null ? "no shared data" : missing.length > 0 ? `without ${missing.join(", ")}` : "";
const title = `a target${skipped === "" ? "" : ` (skipped: ${skipped})`}`;

describe.skipIf(skipped !== "")(title, () => {
  const folder = mkdtempSync(join(tmpdir(), "plimsoll-targets-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each(systems)("$target is what is read from its root file system", async ({ target, archive, unpacker }) => {
    const rootfs = spawnSync(unpacker, ["-dc", sharedData("rootfs", ...archive) ?? ""], { maxBuffer: 2 ** 30 });
    expect(rootfs.status).toBe(0);
    const image = join(folder, `${target}.tar`);
    writeFileSync(image, dockerArchiveOf([{ ...imageOf([rootfs.stdout]), tags: ["target:1"] }]));
    const { packages } = await inventoryOf({ reference: `file://${image}` });
    const listed = readTargets().find(({ name }) => name === target)?.packages ?? [];
    expect(packages.map(lineOf).sort()).toEqual(listed.map(lineOf).sort());
  });
});

type Listed = {
  readonly ecosystem: string;
  readonly name: string;
  readonly version: string;
  readonly arch?: string | undefined;
  readonly source?: { readonly name: string; readonly version: string } | undefined;
};

/** A package with its source; one that names none is its own source. */
function lineOf({ ecosystem, name, version, arch, source }: Listed): string {
  return `${ecosystem} ${name} ${version} ${arch} of ${source?.name ?? name}`;
}
