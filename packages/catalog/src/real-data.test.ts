import { readdirSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync, zstdDecompressSync } from "node:zlib";
import { defaultLimits } from "@plimsoll/kit";
import type { Sbom } from "@plimsoll/model";
import { openArchive, type TarFile, tarFiles } from "@plimsoll/source";
import { dockerArchiveOf, imageOf, sharedData } from "@plimsoll/testkit";
import { describe, expect, it } from "vitest";
import { analyze } from "./analyze.ts";
import { distroRelease } from "./distro-release/cataloger.ts";
import { dpkgDb } from "./dpkg-db/cataloger.ts";

const alpine = sharedData("rootfs", "alpine");
const fixtures = sharedData("pkgdb", "dpkg-apk-osrelease.tar.zst");
const reason = "needs ../shared/data";

async function filesOf(tar: Buffer): Promise<TarFile[]> {
  const files: TarFile[] = [];
  for await (const file of tarFiles([tar].values() as unknown as AsyncIterable<Uint8Array>)) files.push(file);
  return files;
}

async function scanned(tar: Buffer): Promise<Sbom> {
  const folder = await mkdtemp(join(tmpdir(), "plimsoll-catalog-"));
  try {
    const path = join(folder, "image.tar");
    await writeFile(path, dockerArchiveOf([{ ...imageOf([tar]), tags: ["alpine:test"] }]));
    const wish = { platform: { os: "linux", architecture: "amd64" }, isExplicit: false };
    await using image = await openArchive(path, { kind: "docker-archive", wish, limits: defaultLimits });
    return await analyze(image, { limits: defaultLimits });
  } finally {
    await rm(folder, { recursive: true });
  }
}

describe.skipIf(alpine === null)(`real Alpine root filesystems as images (${reason})`, () => {
  const names = alpine === null ? [] : readdirSync(alpine).filter((name) => name.endsWith(".tar.gz"));

  it.each(names)("%s: every package of its database, its release, no problem", async (name) => {
    const tar = gunzipSync(await readFile(join(alpine ?? "", name)));
    const sbom = await scanned(tar);
    const installed = (await filesOf(tar)).find(({ path }) => path === "lib/apk/db/installed");
    const lines = Buffer.from(installed?.bytes() ?? [])
      .toString()
      .split("\n");
    const valuesOf = (letter: string): string[] =>
      lines.filter((line) => line.startsWith(`${letter}:`)).map((line) => line.slice(2));
    expect(sbom.packages.map(({ name: one }) => one).sort()).toEqual(valuesOf("P").sort());
    expect(sbom.packages.map(({ version }) => version).sort()).toEqual(valuesOf("V").sort());
    expect(sbom.distro?.id).toBe("alpine");
    expect(name).toContain(sbom.distro?.versionId.replace(/^.*_alpha/, "") ?? "none");
    expect(sbom.problems).toEqual([]);
  });
});

describe.skipIf(fixtures === null)(`release files and databases of real systems (${reason})`, () => {
  const load = async (): Promise<TarFile[]> => filesOf(zstdDecompressSync(await readFile(fixtures ?? "")));

  it("reads every os-release but the one made to be broken", async () => {
    const files = (await load()).filter(({ path }) => path.endsWith("/etc/os-release"));
    const silent = files.filter(
      (file) => distroRelease.parse({ path: "etc/os-release", bytes: file.bytes() }).distro === undefined,
    );
    expect(files.length).toBeGreaterThan(40);
    expect(silent.map(({ path }) => path)).toEqual([
      "snyk-docker-plugin/test/fixtures/os/os_release_corrupt/fs/etc/os-release",
    ]);
  });

  it.each([
    ["snyk-docker-plugin/test/fixtures/os/ubuntu_10_04/fs/var/lib/dpkg/status", 140],
    ["scancode-toolkit/debian/ubuntu-var-lib-dpkg/var/lib/dpkg/status", 5],
    ["syft/syft/pkg/cataloger/debian/testdata/image-distroless-deb/var/lib/dpkg/status.d/libsqlite3-0", 1],
  ])("reads %s whole", async (path, packages) => {
    const bytes = (await load()).find((file) => file.path === path)?.bytes() ?? Buffer.alloc(0);
    const facts = dpkgDb.parse({ path: path.slice(path.indexOf("var/lib/dpkg")), bytes });
    expect(facts.packages).toHaveLength(packages);
    expect(facts.problems).toEqual([]);
  });
});
