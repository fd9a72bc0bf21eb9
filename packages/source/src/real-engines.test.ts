import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { createHttpClient, type HttpClient } from "@plimsoll/kit";
import { type Engines, isRoot, missingCommands, ociLayoutOf, startEngines } from "@plimsoll/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { imageContent, realImage } from "./testing/image-content.ts";

const missing = [
  ...missingCommands("docker-registry", "dockerd", "docker", "skopeo"),
  ...(isRoot() ? [] : ["the rights of root"]),
];
const skipped = missing.length === 0 ? "" : ` (skipped: there is no ${missing.join(", no ")})`;

const image = realImage;

let http: HttpClient;
let engines: Engines;
const at = (name: string): string => join(engines.folder, name);

/** The image as an OCI layout, and in every other place that real tools bring it to. */
async function spread(): Promise<void> {
  for (const [name, bytes] of ociLayoutOf([{ ...image, tag: "1" }])) {
    mkdirSync(dirname(at(`layout/${name}`)), { recursive: true });
    writeFileSync(at(`layout/${name}`), bytes);
  }
  const copy = (to: string, ...options: string[]) =>
    engines.run("skopeo", ["copy", "-q", "--dest-tls-verify=false", ...options, `oci:${at("layout")}:1`, to]);
  await copy(`oci-archive:${at("oci.tar")}:1`);
  await copy(`docker-archive:${at("skopeo.tar")}:app:1`);
  await copy(`docker://${engines.registry}/team/app:1`);
  await copy(`docker://${engines.registry}/team/app:v2s2`, "--format=v2s2");
  await engines.run("docker", ["load", "-q", "-i", at("skopeo.tar")]);
  await engines.run("docker", ["save", "-o", at("saved.tar"), "app:1"]);
  writeFileSync(at("saved.tar.gz"), gzipSync(readFileSync(at("saved.tar")), { level: 1 }));
}

beforeAll(async () => {
  if (missing.length > 0) return;
  http = createHttpClient({ userAgent: "test" });
  engines = await startEngines();
  await spread();
}, 120_000);

afterAll(async () => {
  if (missing.length > 0) return;
  http[Symbol.dispose]();
  await engines.stop();
}, 60_000);

const contentOf = (text: string) =>
  imageContent(text, { http, platform: "linux/amd64", dockerHost: engines.dockerHost });

async function expectSame(text: string) {
  const { transport, digest, ...content } = await contentOf(text);
  const { transport: _, digest: __, ...layout } = await contentOf(`oci:${at("layout")}:1`);
  expect(content).toEqual(layout);
  expect(content.diffIds).toEqual(image.layers.map((layer) => layer.diffId));
  expect(content.problems).toEqual([]);
  return { transport, digest };
}

describe.skipIf(missing.length > 0)(`beside skopeo and docker-registry${skipped}`, () => {
  it("gives the same from an OCI archive and a docker archive that skopeo wrote", async () => {
    await expectSame(`oci-archive:${at("oci.tar")}:1`);
    await expectSame(`docker-archive:${at("skopeo.tar")}`);
    await expectSame(`file://${at("skopeo.tar")}:app:1`);
    await expectSame(at("oci.tar"));
  });

  it("gives the same from a registry, by OCI and by Docker manifest, by tag and by digest", async () => {
    const name = `${engines.registry}/team/app`;
    const { digest } = await expectSame(`pull://${name}:1`);
    await expectSame(`pull://${name}@${digest}`);
    await expectSame(`${name}:v2s2`);
  });

  it("says that the registry has no such image", async () => {
    await expect(contentOf(`pull://${engines.registry}/team/app:9`)).rejects.toMatchObject({
      code: "IMAGE_NOT_FOUND",
    });
    await expect(contentOf(`${engines.registry}/team/app:9`)).rejects.toMatchObject({
      code: "IMAGE_NOT_FOUND_ANYWHERE",
    });
  });
});

describe.skipIf(missing.length > 0)(`beside a docker engine${skipped}`, () => {
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
});
