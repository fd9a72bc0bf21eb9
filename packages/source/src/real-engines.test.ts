import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { gunzipSync } from "node:zlib";
import { createHttpClient, type HttpClient } from "@plimsoll/kit";
import { imageOf, ociLayoutOf, opaqueOf, sharedData, type TarEntry, tarOf, whiteoutOf } from "@plimsoll/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openSource } from "./open-source.ts";
import { type Engine, isInstalled, run, startDocker, startRegistry } from "./testing/engines.ts";
import { recorder } from "./testing/recorder.ts";

const root = mkdtempSync(join(tmpdir(), "plim-e-"));
const at = (name: string): string => join(root, name);
const hasRegistry = isInstalled("docker-registry") && isInstalled("skopeo");
const hasDocker = isInstalled("dockerd") && isInstalled("docker") && process.getuid?.() === 0;
const rootfs = sharedData("rootfs", "alpine", "alpine-minirootfs-3.20.3-x86_64.tar.gz");

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
const lower =
  rootfs === null
    ? tarOf([
        { path: "etc/", type: "directory" },
        { path: "etc/alpine-release", body: "3.20.3\n" },
      ])
    : gunzipSync(readFileSync(rootfs));
const image = imageOf([lower, upper], { config: { Env: ["PATH=/bin"] } });

let http: HttpClient;
let registry: Engine | null = null;
let docker: Engine | null = null;

beforeAll(async () => {
  http = createHttpClient({ userAgent: "test" });
  for (const [name, bytes] of ociLayoutOf([{ ...image, tag: "1" }])) {
    mkdirSync(dirname(at(`layout/${name}`)), { recursive: true });
    writeFileSync(at(`layout/${name}`), bytes);
  }
  if (hasRegistry) {
    registry = await startRegistry(at("registry"));
    run("skopeo", "copy", "-q", `oci:${at("layout")}:1`, `oci-archive:${at("oci.tar")}:1`);
    run("skopeo", "copy", "-q", `oci:${at("layout")}:1`, `docker-archive:${at("skopeo.tar")}:app:1`);
    run(
      "skopeo",
      "copy",
      "-q",
      "--dest-tls-verify=false",
      `oci:${at("layout")}:1`,
      `docker://${registry.address}/team/app:1`,
    );
    run(
      "skopeo",
      "copy",
      "-q",
      "--dest-tls-verify=false",
      "--format=v2s2",
      `oci:${at("layout")}:1`,
      `docker://${registry.address}/team/app:v2s2`,
    );
  }
  if (hasDocker && hasRegistry) {
    docker = await startDocker(at("docker"));
    run("docker", "-H", docker.address, "load", "-q", "-i", at("skopeo.tar"));
    run("docker", "-H", docker.address, "save", "-o", at("saved.tar"), "app:1");
    run("sh", "-c", `gzip -1 -c '${at("saved.tar")}' > '${at("saved.tar.gz")}'`);
  }
}, 120_000);

afterAll(async () => {
  await docker?.[Symbol.asyncDispose]();
  await registry?.[Symbol.asyncDispose]();
  http[Symbol.dispose]();
  rmSync(root, { recursive: true, force: true });
}, 60_000);

/** Everything seen, in a form that is the same exactly when the layers are. */
async function contentOf(text: string) {
  await using source = await openSource(text, {
    http,
    platform: "linux/amd64",
    ...(docker !== null && { dockerHost: docker.address }),
  });
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

async function expectSame(text: string) {
  const { transport, digest, ...content } = await contentOf(text);
  const { transport: _, digest: __, ...layout } = await contentOf(`oci:${at("layout")}:1`);
  expect(content).toEqual(layout);
  expect(content.diffIds).toEqual(image.layers.map((layer) => layer.diffId));
  expect(content.problems).toEqual([]);
  return { transport, digest };
}

describe.skipIf(!hasRegistry)("beside skopeo and docker-registry (skipped where they are not installed)", () => {
  it("gives the same from an OCI archive and a docker archive that skopeo wrote", async () => {
    await expectSame(`oci-archive:${at("oci.tar")}:1`);
    await expectSame(`docker-archive:${at("skopeo.tar")}`);
    await expectSame(`file://${at("skopeo.tar")}:app:1`);
    await expectSame(at("oci.tar"));
  });

  it("gives the same from a registry, by OCI and by Docker manifest, by tag and by digest", async () => {
    const name = `${registry?.address}/team/app`;
    const { digest } = await expectSame(`pull://${name}:1`);
    await expectSame(`pull://${name}@${digest}`);
    await expectSame(`${name}:v2s2`);
  });

  it("says that the registry has no such image", async () => {
    await expect(contentOf(`pull://${registry?.address}/team/app:9`)).rejects.toMatchObject({
      code: "IMAGE_NOT_FOUND",
    });
    await expect(contentOf(`${registry?.address}/team/app:9`)).rejects.toMatchObject({
      code: "IMAGE_NOT_FOUND_ANYWHERE",
    });
  });
});

describe.skipIf(!hasDocker || !hasRegistry)(
  "beside a docker engine (skipped where none is installed, or not as root)",
  () => {
    it("gives the same from its socket", async () => {
      expect((await expectSame("docker://app:1")).transport).toBe("docker");
      expect((await expectSame("app:1")).transport).toBe("docker");
    });

    it("gives the same from what docker save wrote, also compressed", async () => {
      await expectSame(`file://${at("saved.tar")}`);
      await expectSame(at("saved.tar.gz"));
    });

    it("says that the engine has no such image", async () => {
      await expect(contentOf("docker://nothing:1")).rejects.toMatchObject({ code: "NO_SUCH_IMAGE" });
    });
  },
);
