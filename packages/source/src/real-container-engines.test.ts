import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createHttpClient, type HttpClient } from "@plimsoll/kit";
import {
  type ContainerEngines,
  containerEngineCommands,
  imageOf,
  indexOf,
  isRoot,
  missingCommands,
  ociLayoutOf,
  startContainerEngines,
  storeDriver,
} from "@plimsoll/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { EngineSettings } from "./source-options.ts";
import { imageContent, realImage } from "./testing/image-content.ts";

const missing = [...missingCommands(...containerEngineCommands), ...(isRoot() ? [] : ["the rights of root"])];
const skipped = missing.length === 0 ? "" : ` (skipped: there is no ${missing.join(", no ")})`;
const image = realImage;
/** Another image in the same stores, so that names and ids choose. */
const other = imageOf([[{ path: "other", body: "1" }]]);
const arm = imageOf([[{ path: "arm", body: "1" }]], { architecture: "arm64" });
const folder = mkdtempSync(join(tmpdir(), "plim-ce-"));
const at = (name: string): string => join(folder, name);

let http: HttpClient;
let engines: ContainerEngines;
const run = (command: string, ...args: string[]): string => execFileSync(command, args, { encoding: "utf8" });
const ctr = (...args: string[]): string => run("ctr", "-a", engines.env.CONTAINERD_ADDRESS, ...args);

function layout(name: string, files: ReadonlyMap<string, Uint8Array>): string {
  for (const [path, bytes] of files) {
    mkdirSync(dirname(at(`${name}/${path}`)), { recursive: true });
    writeFileSync(at(`${name}/${path}`), bytes);
  }
  return `oci:${at(name)}`;
}

/** The image in a store of each driver, in podman's and in two namespaces of containerd, as tools bring it there. */
async function spread(): Promise<void> {
  const first = layout("layout", ociLayoutOf([{ ...image, tag: "1" }]));
  const second = layout("other", ociLayoutOf([{ ...other, tag: "1" }]));
  const driver = await storeDriver(folder);
  const overlay = `[${driver}@${at("overlay")}+${at("overlay-run")}]`;
  const vfs = `[vfs@${engines.storeRoot}+${at("store-run")}]`;
  for (const store of [overlay, vfs]) {
    run("skopeo", "copy", "-q", `${first}:1`, `containers-storage:${store}localhost/team/app:1`);
    run("skopeo", "copy", "-q", `${second}:1`, `containers-storage:${store}docker.io/library/other:latest`);
  }
  run("skopeo", "copy", "-q", `${first}:1`, `oci-archive:${at("app.tar")}:docker.io/team/app:1`);
  run("skopeo", "copy", "-q", `${second}:1`, `oci-archive:${at("other.tar")}:docker.io/library/other:latest`);
  ctr("-n", "k8s.io", "images", "import", "--no-unpack", at("app.tar"));
  ctr("images", "import", "--no-unpack", at("other.tar"));
}

beforeAll(async () => {
  if (missing.length > 0) return;
  http = createHttpClient({ userAgent: "test", offline: true });
  engines = await startContainerEngines(folder, "vfs");
  await spread();
}, 60_000);

afterAll(async () => {
  if (missing.length === 0) {
    http[Symbol.dispose]();
    await engines.stop();
  }
  rmSync(folder, { recursive: true, force: true });
}, 60_000);

function settings(more: Partial<EngineSettings> = {}): Partial<EngineSettings> {
  return {
    podman: { host: engines.env.CONTAINER_HOST },
    containerd: { sockets: [engines.env.CONTAINERD_ADDRESS] },
    podmanStorage: storageAt(engines.storeRoot),
    crioStorage: storageAt(at("overlay")),
    ...more,
  };
}

function storageAt(root: string) {
  const conf = `${root}.conf`;
  writeFileSync(conf, `[storage]\ngraphroot = "${root}"\n`);
  return { confFiles: [conf], systemConfFiles: [], dataFolder: at("none"), userId: 0, homeFolder: at("none") };
}

const contentOf = (text: string, more: Partial<EngineSettings> = {}, platform = "linux/amd64") =>
  imageContent(text, { http, platform, dockerHost: `unix://${at("none.sock")}`, engines: settings(more) });

/** What the layout gives, with the digest that all of these know. */
async function expectSame(text: string, more: Partial<EngineSettings> = {}): Promise<string> {
  const { transport, ...content } = await contentOf(text, more);
  const { transport: _, ...expected } = await contentOf(`oci:${at("layout")}:1`);
  expect(content).toEqual(expected);
  expect(content.digest).toBe(image.manifest.digest);
  return transport;
}

const id = image.imageId.slice(7);

describe.skipIf(missing.length > 0)(`beside podman and its image stores${skipped}`, () => {
  it.each([
    "team/app:1",
    "app:1",
    "localhost/team/app:1",
    `localhost/team/app@${image.manifest.digest}`,
    id,
    id.slice(0, 8),
    image.imageId,
  ])("gives the same from podman's service and from stores of both drivers: %s", async (name) => {
    expect(await expectSame(`podman://${name}`)).toBe("podman");
    expect(await expectSame(`podman://${name}`, { podman: {} })).toBe("podman");
    expect(await expectSame(`crio://${name}`)).toBe("crio");
    expect(await expectSame(`crio://${name}`, { crioStorage: storageAt(engines.storeRoot) })).toBe("crio");
  });

  it("reads the store where a socket was left behind", async () => {
    writeFileSync(at("dead.sock"), "");
    expect(await expectSame("podman://team/app:1", { podman: { socket: at("dead.sock") } })).toBe("podman");
  });

  it("finds it without a prefix, before any registry", async () => {
    expect(await expectSame("team/app:1")).toBe("podman");
    expect(await expectSame("team/app:1", { podman: {}, podmanStorage: null, containerd: { sockets: [] } })).toBe(
      "crio",
    );
  });

  it("says that no such image is there, and that it is of another platform", async () => {
    await expect(contentOf("podman://nothing:1")).rejects.toMatchObject({ code: "NO_SUCH_IMAGE" });
    await expect(contentOf("podman://nothing:1", { podman: {} })).rejects.toMatchObject({ code: "NO_SUCH_IMAGE" });
    await expect(contentOf("crio://0123456789ab")).rejects.toMatchObject({ code: "NO_SUCH_IMAGE" });
    for (const way of ["podman", "crio", "containerd"]) {
      await expect(contentOf(`${way}://team/app:1`, {}, "linux/arm64"), way).rejects.toMatchObject({
        code: "PLATFORM_NOT_FOUND",
        message: expect.stringContaining("there is: linux/amd64"),
      });
    }
  });
});

describe.skipIf(missing.length > 0)(`beside containerd${skipped}`, () => {
  it.each([
    "team/app:1",
    "docker.io/team/app:1",
    `team/app@${image.manifest.digest}`,
    id.slice(0, 12),
    image.imageId,
    image.manifest.digest.slice(7, 17),
  ])("gives the same out of the namespace that has it: %s", async (name) => {
    expect(await expectSame(`containerd://${name}`)).toBe("containerd");
  });

  it("looks into one namespace alone when told so", async () => {
    const address = `unix://${engines.env.CONTAINERD_ADDRESS}`;
    const containerd = { sockets: [], address, namespace: "default" };
    await expect(contentOf("containerd://team/app:1", { containerd })).rejects.toMatchObject({
      code: "NO_SUCH_IMAGE",
      message: expect.stringContaining("namespace default"),
    });
    expect((await contentOf("containerd://other", { containerd })).diffIds).toEqual([other.layers[0]?.diffId]);
  });

  it("reads of an index what was pulled, whatever platform that is", async () => {
    layout("both", indexLayout());
    run("tar", "-C", at("both"), "-cf", at("both.tar"), ".");
    ctr(
      "images",
      "import",
      "--no-unpack",
      "--platform",
      "linux/arm64",
      "--index-name",
      "docker.io/team/both:1",
      at("both.tar"),
    );
    const { diffIds } = await contentOf("containerd://team/both:1", {}, "linux/arm64");
    expect(diffIds).toEqual([arm.layers[0]?.diffId]);
  });

  it("says which layer was discarded after it was unpacked", async () => {
    ctr("images", "import", "--no-unpack", "--index-name", "docker.io/team/gone:1", at("app.tar"));
    const containerd = { sockets: [engines.env.CONTAINERD_ADDRESS], namespace: "default" };
    const [layer] = image.layers;
    ctr("content", "rm", layer?.digest ?? "");
    await expect(contentOf("containerd://docker.io/team/app:1", { containerd })).rejects.toMatchObject({
      code: "CONTENT_MISSING",
      message: expect.stringContaining("layer 1 of 2"),
    });
  });
});

function indexLayout(): Map<string, Buffer> {
  const files = ociLayoutOf([image, arm]);
  const index = indexOf([image, arm]);
  files.set("index.json", index.bytes);
  return files;
}
