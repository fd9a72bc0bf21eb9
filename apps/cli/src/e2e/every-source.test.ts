/**
 * The same image from every source, through real engines: saved by a real dockerd, read from its socket, pushed to a
 * real docker-registry, copied by skopeo into OCI layouts and an image store, imported into containerd, and unpacked
 * into a folder. What Alpine's own database says is the judge.
 */
import { spawnSync } from "node:child_process";
import { createReadStream, existsSync, mkdirSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { analyze } from "@plimsoll/catalog";
import { createHttpClient, defaultLimits, silentLog } from "@plimsoll/kit";
import { isPresent, type Sbom } from "@plimsoll/model";
import { openSource } from "@plimsoll/source";
import {
  type ContainerEngines,
  containerEngineCommands,
  type Engines,
  isRoot,
  missingCommands,
  sharedData,
  startContainerEngines,
  startEngines,
  storeDriver,
} from "@plimsoll/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sourceSettings } from "../source-settings.ts";
import { testWorld } from "../testing/test-world.ts";
import type { Tools } from "../tools.ts";
import { type Place, referencesTo } from "./references.ts";

const folder = sharedData("rootfs", "alpine");
const commands = ["dockerd", "docker", "docker-registry", ...containerEngineCommands];
const missing = [...missingCommands(...commands), ...(isRoot() ? [] : ["root"])];
const skipped = folder === null ? "no shared data" : missing.length > 0 ? `without ${missing.join(", ")}` : "";
const title = skipped === "" ? "a root file system" : `a root file system (skipped: ${skipped})`;
const alpine = folder === null ? [] : readdirSync(folder).filter((name) => name.endsWith(".tar.gz"));
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
  let engines: Engines;
  let containers: ContainerEngines;
  const http = createHttpClient({ userAgent: "test" });

  beforeAll(async () => {
    engines = await startEngines();
    const place = join(engines.folder, "c");
    containers = await startContainerEngines(place, await storeDriver(place));
  }, 120_000);
  afterAll(async () => {
    http[Symbol.dispose]();
    await containers?.stop();
    await engines?.stop();
  }, 60_000);

  async function sbomOf({ reference, stdin }: Place): Promise<Sbom> {
    const { world } = testWorld({ DOCKER_HOST: engines.dockerHost, ...containers.env });
    const input = { path: "/nothing", isTerminal: false, bytes: () => createReadStream(stdin ?? "") };
    const tools = {
      world: { ...world, stdin: input },
      log: silentLog,
      http,
      registryHttp: http,
      cache: null,
    } as unknown as Tools;
    const options = { progress: false, loglevel: "info", cache: false } as const;
    await using source = await openSource(reference, sourceSettings(reference, options, tools));
    return await analyze(source, { limits: defaultLimits });
  }

  /** Imports a root file system and reads it from everywhere; answers what all of them say. */
  async function readEverywhere(archive: string, image: string): Promise<Sbom> {
    await engines.run("docker", ["import", archive, image]);
    const places = await referencesTo(image, engines, containers);
    const { archive: first, ...rest } = places;
    if (first === undefined) throw new Error("nothing was saved");
    const saved = await sbomOf(first);
    for (const [source, place] of Object.entries(rest)) {
      expect(comparable(await sbomOf(place)), source).toEqual(comparable(saved));
    }
    expect(installed(await flattened(archive, image))).toEqual(installed(saved));
    return saved;
  }

  async function flattened(archive: string, image: string): Promise<Sbom> {
    const tree = join(engines.folder, `tree-${image.replaceAll(/[^\w.-]/g, "-")}`);
    mkdirSync(tree);
    await engines.run("tar", ["-C", tree, "-xf", archive]);
    return sbomOf({ reference: `dir:${tree}` });
  }

  it.each(alpine)("%s has what its own database lists, from every source alike", { timeout: 120_000 }, async (name) => {
    const archive = join(folder ?? "", name);
    const saved = await readEverywhere(
      archive,
      `alpine:${basename(name, ".tar.gz").replace("alpine-minirootfs-", "")}`,
    );
    expect(saved.packages.map(({ name: pkg, version }) => `${pkg} ${version}`)).toEqual(installedIn(archive));
    const [only] = (saved.image?.layers ?? []).flatMap(({ diffId }) => diffId ?? []);
    expect(saved.packages.every(({ introducedIn }) => introducedIn === only)).toBe(true);
  });

  it.each(others)("%s has %i packages, from every source alike", { timeout: 120_000 }, async (name, count) => {
    const image = `other:${basename(name).replace(/\.tar\..z$/, "")}`;
    const { packages } = await readEverywhere(sharedData("rootfs", name) ?? "", image);
    expect(packages).toHaveLength(count);
  });
});

/** All but how it was reached: only some places know the digests of manifest and blobs, and skopeo writes the configuration anew for the OCI. */
function comparable({ source: _, image, ...rest }: Sbom): unknown {
  if (image === null) throw new Error("no image");
  const layers = image.layers.map((layer) => ({ ...layer, digest: "" }));
  return { ...rest, image: { ...image, imageId: "", digest: "", layers } };
}

/** What a folder without layers can tell too. */
function installed({ distro, packages }: Sbom): unknown {
  return {
    distro,
    packages: packages.filter(isPresent).map(({ purl, source, licenses }) => ({ purl, source, licenses })),
  };
}

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
