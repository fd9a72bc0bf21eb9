import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { imageOf, startTestProxy, startTestRegistry, testCertificates } from "@plimsoll/testkit";
import { afterAll, describe, expect, it } from "vitest";
import { image, layers, pull, user } from "../testing/pull.ts";

const folder = mkdtempSync(join(tmpdir(), "plimsoll-mirrors-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let count = 0;

function conf(text: string): { readonly registriesConf: string } {
  const registriesConf = join(folder, `${++count}.conf`);
  writeFileSync(registriesConf, text);
  return { registriesConf };
}

function mirrored(location: string, mirror: string): { readonly registriesConf: string } {
  return conf(`[[registry]]\nlocation = "${location}"\n[[registry.mirror]]\nlocation = "${mirror}"\ninsecure = true\n`);
}

describe("mirrors", () => {
  it("the mirror is asked first, and the log says that it answered", async () => {
    await using registry = await startTestRegistry();
    await using mirror = await startTestRegistry();
    const reference = registry.push("app", "1", image);
    mirror.push("copies/app", "1", image);
    const log: string[] = [];
    const { read } = await pull(reference, { files: mirrored(registry.host, `${mirror.host}/copies`), log });
    expect(read.image.imageId).toBe(image.imageId);
    expect(registry.requests).toEqual([]);
    expect(log.join("\n")).toContain(`the image comes from a mirror {"mirror":"${mirror.host}"`);
  });

  it.each([
    ["does not have the image", { kind: "status", status: 404 }],
    ["is ill", { kind: "status", status: 500 }],
    ["says nothing", { kind: "stall", keepBytes: 0 }],
    ["lies about the content", { kind: "corrupt" }],
    ["cuts the connection", { kind: "reset" }],
  ] as const)("one that %s is passed over", async (_, fault) => {
    await using registry = await startTestRegistry();
    await using mirror = await startTestRegistry();
    const reference = registry.push("app", "1", image);
    mirror.push("app", "1", image);
    mirror.addFault({ match: /manifests/, ...fault });
    const log: string[] = [];
    const how = { files: mirrored(registry.host, mirror.host), log, idleTimeoutMs: 300 };
    expect((await pull(reference, how)).read.image.imageId).toBe(image.imageId);
    expect(log.join("\n")).toContain("a mirror does not give the image");
  });

  it("credentials given for the registry are not shown to its mirror", async () => {
    const auth = { mode: "basic", user: "me", password: "s3cret-word" } as const;
    await using registry = await startTestRegistry({ auth });
    await using mirror = await startTestRegistry({ auth });
    const reference = registry.push("app", "1", image);
    mirror.push("app", "1", image);
    const how = { files: mirrored(registry.host, mirror.host), credentials: user };
    expect((await pull(reference, how)).read.image.imageId).toBe(image.imageId);
    expect(mirror.requests.length).toBeGreaterThan(0);
    expect(mirror.requests.filter(({ authorization }) => authorization !== null)).toEqual([]);
  });

  it("a mirror cannot pass another image under a digest", async () => {
    await using registry = await startTestRegistry();
    await using mirror = await startTestRegistry();
    registry.push("app", "1", image);
    const other = imageOf([[{ path: "other", body: "" }]]);
    mirror.put("app", [image.manifest.digest], { manifest: other.manifest });
    const files = mirrored(registry.host, mirror.host);
    const { read } = await pull(`${registry.host}/app@${image.manifest.digest}`, { files });
    expect(read.image.imageId).toBe(image.imageId);
  });

  it("docker's daemon.json sends Docker Hub's images elsewhere", async () => {
    await using mirror = await startTestRegistry();
    mirror.push("library/alpine", "3", image);
    const daemonJson = join(folder, "daemon.json");
    writeFileSync(daemonJson, JSON.stringify({ "registry-mirrors": [`http://${mirror.host}`] }));
    expect((await pull("alpine:3", { files: { daemonJson } })).read.image.imageId).toBe(image.imageId);
  });

  it("a blocked one is not asked", async () => {
    await using registry = await startTestRegistry();
    const files = conf(`[[registry]]\nlocation = "${registry.host}"\nblocked = true\n`);
    await expect(pull(`${registry.host}/app:1`, { files })).rejects.toMatchObject({ code: "REGISTRY_BLOCKED" });
    expect(registry.requests).toEqual([]);
  });
});

describe("certificates of a registry", () => {
  function certificatesFor(host: string, files: Readonly<Record<string, string>>) {
    const parent = join(folder, `certs-${++count}`);
    mkdirSync(join(parent, host), { recursive: true });
    for (const [name, text] of Object.entries(files)) writeFileSync(join(parent, host, name), text);
    return { certificates: [join(folder, "none"), parent] };
  }

  it("its authority and the client's certificate open the door, through a proxy too", async () => {
    await using registry = await startTestRegistry({ tls: "client" });
    await using proxy = await startTestProxy({ routes: { "registry.test:5443": registry.host } });
    registry.push("app", "1", imageOf(layers));
    const { cert, key } = testCertificates.client;
    const files = { "ca.crt": testCertificates.ca, "client.cert": cert, "client.key": key };
    const direct = await pull(`${registry.host}/app:1`, { files: certificatesFor(registry.host, files) });
    expect(direct.read.image.imageId).toBe(image.imageId);
    const proxyEnv = { https_proxy: proxy.url };
    const how = { files: certificatesFor("registry.test:5443", files), proxyEnv };
    expect((await pull("registry.test:5443/app:1", how)).read.image.imageId).toBe(image.imageId);
    expect(proxy.requests[0]).toBe("CONNECT registry.test:5443");
    await expect(pull(`${registry.host}/app:1`)).rejects.toMatchObject({ code: "TLS_FAILED" });
  });

  it.each([
    ["no PEM", { "ca.crt": "hello" }],
    ["a certificate without its key", { "client.cert": testCertificates.client.cert }],
  ])("%s is an error", async (_, files) => {
    await expect(pull("a.test/app:1", { files: certificatesFor("a.test", files) })).rejects.toMatchObject({
      code: "CERTIFICATES_INVALID",
    });
  });

  it("none are needed where the configuration says insecure", async () => {
    await using registry = await startTestRegistry({ tls: true });
    const reference = registry.push("app", "1", image);
    const files = conf(`[[registry]]\nlocation = "${registry.host}"\ninsecure = true\n`);
    expect((await pull(reference, { files })).read.image.imageId).toBe(image.imageId);
  });
});
