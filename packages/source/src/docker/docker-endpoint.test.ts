import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createHttpClient, defaultLimits } from "@plimsoll/kit";
import { dockerArchiveOf, imageOf, testCertificates } from "@plimsoll/testkit";
import { afterAll, describe, expect, it } from "vitest";
import { recorder } from "../testing/recorder.ts";
import { type DockerSettings, dockerEndpoint } from "./docker-endpoint.ts";
import { openDocker } from "./open-docker.ts";

const base = mkdtempSync(join(tmpdir(), "plimsoll-docker-"));
afterAll(() => rmSync(base, { recursive: true, force: true }));
let count = 0;

/** A folder of docker's configuration with these files. */
function configured(files: Readonly<Record<string, string | object>> = {}): string {
  const folder = join(base, `docker-${++count}`);
  mkdirSync(folder);
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), typeof content === "string" ? content : JSON.stringify(content));
  }
  return folder;
}

const idOf = (context: string): string => createHash("sha256").update(context).digest("hex");
const contextFiles = (context: string, docker: object, more: Readonly<Record<string, string>> = {}) => ({
  "config.json": { currentContext: context },
  [`contexts/meta/${idOf(context)}/meta.json`]: { Name: context, Endpoints: { docker } },
  ...more,
});
const pem = { "ca.pem": "CA", "cert.pem": "CERT", "key.pem": "KEY" };

describe("dockerEndpoint", () => {
  it.each<[string, DockerSettings, object]>([
    ["nothing is said", {}, { name: "unix:///var/run/docker.sock", socketPath: "/var/run/docker.sock" }],
    ["DOCKER_HOST is empty", { host: "" }, { socketPath: "/var/run/docker.sock" }],
    ["a socket", { host: "unix:///run/user/1000/docker.sock" }, { socketPath: "/run/user/1000/docker.sock" }],
    ["an address", { host: "tcp://d:2375" }, { url: "http://d:2375", name: "tcp://d:2375" }],
    ["the default context", { context: "default" }, { socketPath: "/var/run/docker.sock" }],
    ["a context beside DOCKER_HOST", { host: "tcp://d:1", context: "x" }, { url: "http://d:1" }],
    ["no configuration", { configFolder: join(base, "none") }, { socketPath: "/var/run/docker.sock" }],
    ["TLS for a socket", { host: "unix:///a", tls: "verify", certFolder: "/none" }, { socketPath: "/a" }],
  ])("%s", async (_, settings, expected) => {
    expect(await dockerEndpoint(settings)).toMatchObject(expected);
  });

  it("reads certificates with DOCKER_TLS_VERIFY, and does not verify with DOCKER_TLS alone", async () => {
    const certFolder = configured(pem);
    const tls = { ca: ["CA"], cert: "CERT", key: "KEY" };
    const host = "tcp://d:2376";
    expect(await dockerEndpoint({ host, tls: "verify", certFolder })).toMatchObject({ url: "https://d:2376", tls });
    expect(await dockerEndpoint({ host, tls: "verify", configFolder: certFolder })).toMatchObject({ tls });
    const insecure = await dockerEndpoint({ host, tls: "insecure", certFolder: configured() });
    expect(insecure).toMatchObject({ url: "https://d:2376", tls: { insecure: true } });
  });

  it("takes the current context, and DOCKER_CONTEXT before it", async () => {
    const folder = configured({
      ...contextFiles("mine", { Host: "unix:///mine.sock" }),
      [`contexts/meta/${idOf("other")}/meta.json`]: { Endpoints: { docker: { Host: "tcp://o:1" } } },
    });
    expect(await dockerEndpoint({ configFolder: folder })).toMatchObject({ socketPath: "/mine.sock" });
    expect(await dockerEndpoint({ configFolder: folder, context: "other" })).toMatchObject({ url: "http://o:1" });
  });

  it("takes a context's own certificates, not those of the environment", async () => {
    const tls = Object.fromEntries(
      Object.entries(pem).map(([name, text]) => [`contexts/tls/${idOf("t")}/docker/${name}`, text]),
    );
    const folder = configured(contextFiles("t", { Host: "tcp://t:2376", SkipTLSVerify: false }, tls));
    const settings = { configFolder: folder, tls: "insecure", certFolder: "/none" } as const;
    expect(await dockerEndpoint(settings)).toEqual({
      name: "tcp://t:2376",
      url: "https://t:2376",
      tls: { ca: ["CA"], cert: "CERT", key: "KEY" },
    });
    const skipping = configured(contextFiles("s", { Host: "tcp://s:2376", SkipTLSVerify: true }));
    expect(await dockerEndpoint({ configFolder: skipping })).toMatchObject({
      url: "https://s:2376",
      tls: { insecure: true },
    });
  });

  it.each<[string, DockerSettings, string, RegExp]>([
    ["ssh", { host: "ssh://me:secret@box" }, "ENGINE_HOST_SSH", /ssh:\/\/box$/],
    ["another scheme", { host: "npipe:////./pipe/docker" }, "ENGINE_HOST_UNSUPPORTED", /npipe/],
    [
      "a context over ssh",
      { configFolder: configured(contextFiles("s", { Host: "ssh://box" })) },
      "ENGINE_HOST_SSH",
      /ssh/,
    ],
    [
      "a context that is gone",
      { context: "gone", configFolder: configured() },
      "DOCKER_CONTEXT_INVALID",
      /no such context/,
    ],
    [
      "a context that leaves its folder",
      { context: "../../../etc", configFolder: configured() },
      "DOCKER_CONTEXT_INVALID",
      /no such/,
    ],
    [
      "a context without a host",
      { configFolder: configured(contextFiles("n", {})) },
      "DOCKER_CONTEXT_INVALID",
      /no docker host/,
    ],
    [
      "a context that is no JSON",
      { configFolder: configured({ ...contextFiles("j", {}), [`contexts/meta/${idOf("j")}/meta.json`]: "[" }) },
      "DOCKER_CONTEXT_INVALID",
      /JSON/,
    ],
    ["no authority", { host: "tcp://d:1", tls: "verify", certFolder: configured() }, "DOCKER_TLS_INVALID", /ca\.pem/],
    [
      "a certificate without its key",
      { host: "tcp://d:1", tls: "verify", certFolder: configured({ "ca.pem": "", "cert.pem": "" }) },
      "DOCKER_TLS_INVALID",
      /go together/,
    ],
  ])("%s is told", async (...[, settings, code, words]) => {
    const error = await dockerEndpoint(settings).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code, exit: 2, message: expect.stringMatching(words) });
    expect(JSON.stringify(error)).not.toContain("secret");
  });
});

describe("docker over TLS", () => {
  const image = imageOf([[{ path: "a", body: "b" }]]);
  const { ca, server, client } = testCertificates;

  async function opened(files: Readonly<Record<string, string>>, tls: "verify" | "insecure" = "verify") {
    const engine = createServer({ ...server, ca, requestCert: true, rejectUnauthorized: true }, (request, response) => {
      const isArchive = request.url?.endsWith("/get") === true;
      response.end(isArchive ? dockerArchiveOf([image]) : JSON.stringify({ Id: image.imageId }));
    });
    engine.listen(0, "127.0.0.1");
    await new Promise((resolve) => engine.once("listening", resolve));
    using http = createHttpClient({ userAgent: "test" });
    try {
      const host = `tcp://127.0.0.1:${(engine.address() as AddressInfo).port}`;
      await using source = await openDocker("app", {
        http,
        docker: { host, tls, certFolder: configured(files) },
        limits: defaultLimits,
        wish: { platform: { os: "linux", architecture: "amd64" }, isExplicit: false },
      });
      return (await source.readLayers(() => recorder())).image.imageId;
    } finally {
      engine.closeAllConnections();
      engine.close();
    }
  }

  const whole = { "ca.pem": ca, "cert.pem": client.cert, "key.pem": client.key };

  it("shows the client's certificate and verifies the engine's", async () => {
    expect(await opened(whole)).toBe(image.imageId);
    expect(await opened({ "cert.pem": client.cert, "key.pem": client.key }, "insecure")).toBe(image.imageId);
  });

  it("says that the engine wants a certificate, and that its own is not trusted", async () => {
    await expect(opened({ "ca.pem": ca })).rejects.toMatchObject({ code: "DAEMON_UNREACHABLE" });
    await expect(opened({ ...whole, "ca.pem": client.cert })).rejects.toMatchObject({ code: "DAEMON_UNREACHABLE" });
  });
});
