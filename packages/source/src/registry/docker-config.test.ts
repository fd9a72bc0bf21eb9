import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { credentialsProvider } from "./credentials-provider.ts";
import { credentialsFor, parseDockerConfig, readDockerConfig } from "./docker-config.ts";

const folder = mkdtempSync(join(tmpdir(), "plimsoll-credentials-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const environment = { PATH: `${folder}:/usr/bin:/bin` };

function helper(name: string, script: string): void {
  const path = join(folder, `docker-credential-${name}`);
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
}

function parsed(value: unknown) {
  const config = parseDockerConfig(Buffer.from(JSON.stringify(value)));
  if (config === null) throw new Error("unreadable");
  return config;
}

const auth = Buffer.from("me:pass:word").toString("base64");
const password = { kind: "password", user: "me", password: "pass:word" };

describe("docker's config.json", () => {
  it.each([
    ["ghcr.io", { "ghcr.io": { auth } }, password],
    ["ghcr.io", { "https://ghcr.io/v2/": { auth } }, password],
    ["docker.io", { "https://index.docker.io/v1/": { auth } }, password],
    ["localhost:5000", { "http://localhost:5000": { auth } }, password],
    ["ghcr.io", { "ghcr.io": { username: "me", password: "pass:word" } }, password],
    ["ghcr.io", { "ghcr.io": { auth, identitytoken: "t" } }, { kind: "identity-token", token: "t" }],
    ["ghcr.io", { "ghcr.io": {} }, null],
    ["ghcr.io", { "other.io": { auth } }, null],
    ["ghcr.io", { "ghcr.io": { auth: "!!!" } }, null],
    ["ghcr.io", null, null],
  ])("finds %s in %j", async (registry, auths, expected) => {
    expect(await credentialsFor(registry, parsed({ auths }), environment)).toEqual(expected);
  });

  it("is empty when absent, and an error when broken", async () => {
    expect((await readDockerConfig(join(folder, "none.json"))).auths).toEqual({});
    writeFileSync(join(folder, "broken.json"), "{");
    await expect(readDockerConfig(join(folder, "broken.json"))).rejects.toMatchObject({
      code: "DOCKER_CONFIG_INVALID",
    });
    await expect(readDockerConfig(folder)).rejects.toMatchObject({ code: "DOCKER_CONFIG_INVALID" });
  });

  it("any bytes end in a config or null", () => {
    const seed = JSON.stringify({ auths: { a: { auth } }, credHelpers: { b: "c" }, credsStore: "d" });
    fc.assert(
      fc.property(fc.nat(seed.length), fc.string({ maxLength: 5 }), fc.jsonValue(), (at, insert, value) => {
        parseDockerConfig(Buffer.from(seed.slice(0, at) + insert + seed.slice(at)));
        parseDockerConfig(Buffer.from(JSON.stringify({ auths: value, credHelpers: value, credsStore: value })));
      }),
    );
  });
});

describe("credential helpers", () => {
  it("asks the registry's own helper, then the store, then the file", async () => {
    helper("own", `read server; printf '{"Username":"%s","Secret":"s"}' "$server"`);
    helper("none", `echo "credentials not found in native keychain"; exit 1`);
    helper("token", `echo '{"Username":"<token>","Secret":"t"}'`);
    const config = parsed({
      auths: { "d.io": { auth } },
      credHelpers: { "a.io": "own", "docker.io": "own" },
      credsStore: "token",
    });
    expect(await credentialsFor("a.io", config, environment)).toEqual({
      kind: "password",
      user: "a.io",
      password: "s",
    });
    expect(await credentialsFor("docker.io", config, environment)).toMatchObject({
      user: "https://index.docker.io/v1/",
    });
    expect(await credentialsFor("b.io", config, environment)).toEqual({ kind: "identity-token", token: "t" });
    expect(await credentialsFor("d.io", { ...config, credsStore: "none" }, environment)).toEqual(password);
  });

  it.each([
    ["is not installed", "missing", ""],
    ["fails", "fails", "echo s3cret; echo s3cret >&2; exit 3"],
    ["prints no JSON", "text", "echo s3cret"],
    ["prints without end", "endless", "yes s3cret"],
  ])("one that %s is an error without its output", async (_, name, script) => {
    if (script !== "") helper(name, script);
    const config = parsed({ credsStore: name });
    const error = await credentialsFor("a.io", config, environment).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "CREDENTIAL_HELPER_FAILED" });
    expect(`${error} ${JSON.stringify(error)}`).not.toContain("s3cret");
  });

  it("one that leaves something running is not waited for, and its last words count", async () => {
    helper("daemon", `sleep 20 & echo '{"Username":"me","Secret":"s"}'`);
    const started = performance.now();
    expect(await credentialsFor("a.io", parsed({ credsStore: "daemon" }), environment)).toMatchObject({ user: "me" });
    expect(performance.now() - started).toBeLessThan(10_000);
  });

  it.each(["../../bin/sh", "a b", "x;id", ""])("is never run by the name %j", async (name) => {
    const config = { ...parsed({}), credHelpers: { "a.io": name } };
    await expect(credentialsFor("a.io", config, environment)).rejects.toMatchObject({
      code: "CREDENTIAL_HELPER_FAILED",
    });
  });

  it("a broken one is warned of, and given credentials win", async () => {
    writeFileSync(join(folder, "config.json"), JSON.stringify({ credsStore: "missing" }));
    const warnings: string[] = [];
    const log = { debug: () => undefined, info: () => undefined, warn: (text: string) => void warnings.push(text) };
    const sources = {
      registryCredentials: null,
      dockerConfigPath: join(folder, "config.json"),
      helperEnvironment: environment,
      log,
    };
    expect(await credentialsProvider(sources)({ registry: "a.io", isMirror: false })).toEqual({
      credentials: null,
      fault: expect.stringContaining("docker-credential-missing failed"),
    });
    expect(warnings).toEqual(["no credentials could be read"]);
    const given = { ...sources, registryCredentials: { user: "u", password: "p" } };
    const own = await credentialsProvider(given)({ registry: "a.io", isMirror: false });
    expect(own.credentials).toEqual({ kind: "password", user: "u", password: "p" });
    expect((await credentialsProvider(given)({ registry: "m.io", isMirror: true })).credentials).toBeNull();
  });
});
