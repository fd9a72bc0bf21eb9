import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createHttpClient } from "@plimsoll/kit";
import { dockerArchiveOf, imageOf, ociLayoutOf, startTestRegistry } from "@plimsoll/testkit";
import { afterAll, describe, expect, it } from "vitest";
import { sourceErrors } from "./errors.ts";
import { openSource } from "./open-source.ts";
import type { SourceOptions } from "./source-options.ts";
import { recorder } from "./testing/recorder.ts";
import { searchOrder, transports } from "./transports.ts";

const folder = mkdtempSync(join(tmpdir(), "plimsoll-source-"));
const http = createHttpClient({ userAgent: "test", sleep: async () => undefined });
afterAll(() => {
  http[Symbol.dispose]();
  rmSync(folder, { recursive: true, force: true });
});

const image = imageOf([[{ path: "a", body: "b" }]]);
const archive = join(folder, "image.tar");
writeFileSync(archive, dockerArchiveOf([{ ...image, tags: ["app:1"] }]));
const layout = join(folder, "layout");
for (const [name, bytes] of ociLayoutOf([{ ...image, tag: "1" }])) {
  mkdirSync(dirname(join(layout, name)), { recursive: true });
  writeFileSync(join(layout, name), bytes);
}
const options: SourceOptions = { http, dockerHost: `unix://${folder}/no.sock`, platform: "linux/amd64" };

async function transportOf(text: string, more: Partial<SourceOptions> = {}): Promise<string> {
  await using source = await openSource(text, { ...options, ...more });
  if (source.kind === "image") {
    const { image: read } = await source.readLayers(() => recorder());
    expect(read.imageId).toBe(image.imageId);
  }
  return source.source.transport;
}

describe("openSource", () => {
  it.each([
    [`file://${archive}`, "docker-archive"],
    [`file://${archive}:app:1`, "docker-archive"],
    [archive, "docker-archive"],
    [`docker-archive:${archive}`, "docker-archive"],
    [`docker-archive://${archive}:app:1`, "docker-archive"],
    [`oci:${layout}`, "oci-layout"],
    [`oci:${layout}:1`, "oci-layout"],
    [layout, "oci-layout"],
    [`dir:${layout}`, "dir"],
    [`host:${layout}`, "host"],
    ["host:", "host"],
  ])("opens %s", async (text, transport) => {
    expect(await transportOf(text)).toBe(transport);
  });

  it("finds an image without a prefix in the registry, after file and daemon", async () => {
    await using registry = await startTestRegistry();
    const reference = registry.push("team/app", "1", image);
    expect(await transportOf(reference)).toBe("registry");
    expect(await transportOf(`pull://${reference}`)).toBe("registry");
    expect(await transportOf(`registry:${reference}`)).toBe("registry");
  });

  it("gives REGISTRY_USER and REGISTRY_PASSWORD, or docker's configuration, to the registry", async () => {
    await using registry = await startTestRegistry({ auth: { mode: "basic", user: "me", password: "pw" } });
    const reference = registry.push("team/app", "1", image);
    await expect(transportOf(reference)).rejects.toMatchObject({ code: "CREDENTIALS_MISSING" });
    expect(await transportOf(reference, { credentials: { user: "me", password: "pw" } })).toBe("registry");
    const dockerConfigPath = join(folder, "config.json");
    const auths = { [registry.host]: { auth: Buffer.from("me:pw").toString("base64") } };
    writeFileSync(dockerConfigPath, JSON.stringify({ auths }));
    expect(await transportOf(reference, { dockerConfigPath })).toBe("registry");
  });

  it("says what was tried when an image is nowhere, and when its registry is unreachable", async () => {
    await using registry = await startTestRegistry();
    await expect(transportOf(`${registry.host}/none:1`)).rejects.toMatchObject({
      code: "IMAGE_NOT_FOUND_ANYWHERE",
      message: expect.stringMatching(/no such file.*no docker engine.*has no image/),
    });
    await expect(transportOf("127.0.0.1:1/none:1")).rejects.toMatchObject({
      code: "REGISTRY_UNREACHABLE",
      message: expect.stringMatching(/no such file.*no docker engine.*cannot reach 127.0.0.1:1/),
    });
  });

  it("a folder or file of an image's name does not hide the image", async () => {
    await using registry = await startTestRegistry();
    const reference = registry.push("app", "1", image);
    const here = process.cwd();
    mkdirSync(join(folder, "cwd", registry.host, "app:1"), { recursive: true });
    try {
      process.chdir(join(folder, "cwd"));
      expect(await transportOf(reference)).toBe("registry");
    } finally {
      process.chdir(here);
    }
  });

  it.each([
    ["podman://app", "ENGINE_ABSENT", 3],
    ["containerd://app", "ENGINE_ABSENT", 3],
    ["crio://app", "ENGINE_ABSENT", 3],
    ["-", "STDIN_EMPTY", 2],
    ["ftp://app", "UNKNOWN_TRANSPORT", 2],
    ["./missing.tar", "FILE_NOT_FOUND", 2],
    ["missing.tar.gz", "FILE_NOT_FOUND", 2],
    ["Not A Name", "INVALID_REFERENCE", 2],
    ["", "INVALID_REFERENCE", 2],
    ["pull://Bad", "INVALID_REFERENCE", 2],
    ["dir:/nothing/here", "TREE_UNREADABLE", 2],
    ["dir:", "FILE_NOT_FOUND", 2],
    ["docker://app", "DAEMON_UNREACHABLE", 3],
  ] as const)("%j → %s", async (text, code, exit) => {
    const opened = openSource(text, options).then(async (source) => {
      if (source.kind === "tree") await source.walk(recorder());
    });
    await expect(opened).rejects.toMatchObject({ code, exit });
  });

  it("takes registry:2 for the image of that name", async () => {
    const offline = createHttpClient({ userAgent: "test", offline: true });
    const error = await openSource("registry:2", { ...options, http: offline }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "OFFLINE" });
    await expect(openSource("dir:x", { ...options, platform: "a/b/c/d" })).rejects.toMatchObject({
      code: "INVALID_PLATFORM",
    });
  });
});

describe("the list of transports", () => {
  it("has unique names and prefixes, longer prefixes before shorter ones of the same beginning", () => {
    const prefixes = transports.flatMap((transport) => transport.prefixes);
    expect(new Set(prefixes).size).toBe(prefixes.length);
    expect(new Set(transports.map(({ name }) => name)).size).toBe(transports.length);
    prefixes.forEach((prefix, index) => {
      expect(prefixes.slice(0, index).filter((earlier) => prefix.startsWith(earlier))).toEqual([]);
    });
    for (const transport of searchOrder) expect(transports).toContain(transport);
  });
});

describe("sourceErrors", () => {
  it.each(Object.entries(sourceErrors))("%s is one line that says what to do next", (code, row) => {
    expect(code).toMatch(/^[A-Z][A-Z0-9_]+$/);
    expect(row.message).toMatch(/^\S[^\n]+[^.\n]$/);
    expect(row.next).toMatch(/^\S[^\n]+[^.\n]$/);
  });
});
