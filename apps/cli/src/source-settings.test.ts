import { type HttpClient, silentLog } from "@plimsoll/kit";
import { describe, expect, it } from "vitest";
import { sourceSettings } from "./source-settings.ts";
import { testWorld } from "./testing/test-world.ts";
import type { Tools } from "./tools.ts";

const base = { progress: true, loglevel: "info", cache: true } as const;

function settings(options: object, env: Record<string, string> = {}) {
  const http = {} as HttpClient;
  const tools = {
    world: testWorld(env).world,
    log: silentLog,
    http,
    registryHttp: http,
    cache: null,
  } as unknown as Tools;
  return sourceSettings("nginx", { ...base, ...options }, tools);
}

describe("credentials", () => {
  it.each([
    [{}, {}, undefined],
    [{}, { REGISTRY_USER: "u", REGISTRY_PASSWORD: "p" }, { user: "u", password: "p" }],
    [{ registryUser: "o" }, { REGISTRY_USER: "u", REGISTRY_PASSWORD: "p" }, { user: "o", password: "p" }],
    [{ registryAuthBasic: "a:b:c" }, {}, { user: "a", password: "b:c" }],
    [{}, { REGISTRY_AUTH_BASIC: "a:b" }, { user: "a", password: "b" }],
    [{}, { REGISTRY_USER: "" }, undefined],
  ])("options %j and environment %j give %j", (options, env, credentials) => {
    expect(settings(options, env as Record<string, string>).credentials).toEqual(credentials);
  });

  it("never repeats a password that lacks its user", () => {
    expect(() => settings({ registryAuthBasic: "hunter2" })).toThrow(
      expect.objectContaining({ code: "BAD_OPTION_VALUE", message: expect.not.stringContaining("hunter2") }),
    );
  });
});

describe("docker's configuration", () => {
  it.each([
    [{}, {}, "/home/pilot/.docker/config.json"],
    [{}, { DOCKER_CONFIG: "/etc/dk" }, "/etc/dk/config.json"],
    [{}, { REGISTRY_AUTH_FILE: "/a.json" }, "/a.json"],
    [{ registryAuthFile: "/b.json" }, { REGISTRY_AUTH_FILE: "/a.json" }, "/b.json"],
  ])("options %j and environment %j: %s", (options, env, path) => {
    expect(settings(options, env as Record<string, string>).dockerConfigPath).toBe(path);
  });

  it("takes daemon, platform and plain http from where users set them", () => {
    const found = settings({ platform: "linux/arm64", registrySkipTls: true }, { DOCKER_HOST: "tcp://d:2375" });
    expect(found).toMatchObject({ dockerHost: "tcp://d:2375", platform: "linux/arm64", insecureHttp: true });
    expect(settings({}, { DOCKER_HOST: "" })).not.toHaveProperty("dockerHost");
  });
});
