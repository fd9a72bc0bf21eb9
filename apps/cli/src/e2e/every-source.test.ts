/**
 * The same image from every source, through real engines: saved by a real dockerd, read from its socket, pushed to a
 * real docker-registry, copied into OCI layouts by skopeo. What Alpine's own database says is the judge.
 */
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { type Engines, isRoot, missingCommands, sharedData, startEngines } from "@plimsoll/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { inventoryOf } from "./inventory.ts";
import { referencesTo } from "./references.ts";

const folder = sharedData("rootfs", "alpine");
const missing = [...missingCommands("dockerd", "docker", "docker-registry", "skopeo"), ...(isRoot() ? [] : ["root"])];
const skipped = folder === null ? "no shared data" : missing.length > 0 ? `without ${missing.join(", ")}` : "";
const title = skipped === "" ? "an Alpine image" : `an Alpine image (skipped: ${skipped})`;
const rootfs = folder === null ? [] : readdirSync(folder).filter((name) => name.endsWith(".tar.gz"));
/** How many packages `rpm -qa` counts in them, keys apart; busybox has no database at all. */
const others = [
  ["almalinux/almalinux-8-micro-s390x-2023-05-23.tar.xz", 19],
  ["almalinux/almalinux-9-micro-aarch64-2022-05-09.tar.xz", 22],
  ["almalinux/almalinux-9-micro-aarch64-2023-11-25.tar.xz", 22],
  ["busybox/latest-glibc-amd64-rootfs.tar.gz", 0],
  ["busybox/latest-musl-amd64-rootfs.tar.gz", 0],
  ["busybox/latest-uclibc-amd64-rootfs.tar.gz", 0],
] as const;

describe.skipIf(skipped !== "")(title, () => {
  let engines: Engines | undefined;
  beforeAll(async () => {
    engines = await startEngines();
  }, 120_000);
  afterAll(async () => {
    await engines?.stop();
  }, 60_000);

  it.each(rootfs)(
    "%s has the packages its own database lists, from every source alike",
    { timeout: 120_000 },
    async (name) => {
      if (engines === undefined || folder === null) throw new Error("the engines did not start");
      const archive = join(folder, name);
      const image = `alpine:${basename(name, ".tar.gz").replace("alpine-minirootfs-", "")}`;
      await engines.run("docker", ["import", archive, image]);
      const references = await referencesTo(image, engines);
      const [saved, ...others] = await Promise.all(
        Object.values(references).map((reference) => inventoryOf(reference, engines)),
      );
      expect(saved?.packages.map(({ name: pkg, version }) => `${pkg} ${version}`)).toEqual(installedIn(archive));
      expect(saved?.packages.every(({ introducedIn }) => introducedIn === saved.diffIds[0])).toBe(true);
      for (const other of others) expect(other).toEqual(saved);
    },
  );

  it.each(others)("%s has %i packages from every source alike", { timeout: 120_000 }, async (name, count) => {
    if (engines === undefined) throw new Error("the engines did not start");
    const image = `other:${basename(name).replace(/\.tar\..z$/, "")}`;
    await engines.run("docker", ["import", sharedData("rootfs", name) ?? "", image]);
    const references = await referencesTo(image, engines);
    const found = await Promise.all(Object.values(references).map((reference) => inventoryOf(reference, engines)));
    expect(found.map(({ packages }) => packages.length)).toEqual(found.map(() => count));
    for (const other of found) expect(other).toEqual(found[0]);
  });
});

/** `NAME VERSION` lines of lib/apk/db/installed, read by tar and a split, sorted by name. */
function installedIn(archive: string): string[] {
  if (!existsSync(archive)) throw new Error(`${archive} is gone`);
  const member = ["./lib/apk/db/installed", "lib/apk/db/installed"];
  for (const path of member) {
    const { status, stdout } = spawnSync("tar", ["-xzOf", archive, path], { encoding: "utf8", maxBuffer: 2 ** 26 });
    if (status !== 0) continue;
    const blocks = stdout.split("\n\n").filter((block) => block.includes("P:"));
    return blocks.map((block) => `${/^P:(.*)$/m.exec(block)?.[1]} ${/^V:(.*)$/m.exec(block)?.[1]}`).sort();
  }
  throw new Error(`${archive} holds no apk database`);
}
