import { describe, expect, it } from "vitest";
import { readConfig } from "./config.ts";
import { settingsHelp } from "./settings/help.ts";
import { settings } from "./settings/settings-table.ts";
import { unknownVariables } from "./settings/unknown-variables.ts";

const user = { home: "/home/u", isRoot: false };

describe("the server's configuration", () => {
  it("needs nothing", () => {
    expect(readConfig({ env: {} }, user)).toMatchObject({
      listen: { host: "127.0.0.1", port: 8418 },
      data: "/home/u/.local/share/plimsoll",
      databaseUrl: null,
      vulndb: null,
      role: "all",
      basePath: "",
      trustedProxies: [],
      drainSeconds: 20,
      metricsListen: null,
      tlsCert: null,
    });
  });

  it.each([
    [{ PLIMSOLL_LISTEN: "0.0.0.0:80" }, { listen: { host: "0.0.0.0", port: 80 } }],
    [{ PLIMSOLL_LISTEN: "[::1]:9000" }, { listen: { host: "::1", port: 9000 } }],
    [{ XDG_DATA_HOME: "/data" }, { data: "/data/plimsoll" }],
    [
      { PLIMSOLL_DATA: "/srv/p", DATABASE_URL: "" },
      { data: "/srv/p", databaseUrl: null },
    ],
    [{ DATABASE_URL: "postgres://u@h/d" }, { databaseUrl: "postgres://u@h/d" }],
    [{ DATABASE_URL: "postgresql://u@/d?host=%2Frun" }, { databaseUrl: "postgresql://u@/d?host=%2Frun" }],
    [{ PLIMSOLL_ROLE: "worker", DATABASE_URL: "postgres://u@h/d" }, { role: "worker" }],
    [
      { PLIMSOLL_TRUSTED_PROXIES: "10.0.0.0/8, ::1,192.0.2.7", PLIMSOLL_BASE_PATH: "/a/plimsoll/" },
      { trustedProxies: ["10.0.0.0/8", "::1", "192.0.2.7"], basePath: "/a/plimsoll" },
    ],
    [{ PLIMSOLL_MAX_BODY: "1024" }, { maxBody: 1024 }],
  ])("reads %j", (env, expected) => {
    expect(readConfig({ env }, user)).toMatchObject(expected);
  });

  it("keeps root's data where servers' data lies", () => {
    expect(readConfig({ env: {} }, { home: "/root", isRoot: true }).data).toBe("/var/lib/plimsoll");
  });

  it("lets a flag win, and blames the flag", () => {
    const env = { PLIMSOLL_LISTEN: "0.0.0.0:80", PLIMSOLL_ROLE: "nobody" };
    expect(readConfig({ env, flags: { listen: "[::1]:81", role: "all" } }, user).listen.port).toBe(81);
    expect(() => readConfig({ env, flags: { listen: "81", role: "all" } }, user)).toThrow(/--listen: "81" is no/);
  });

  it("names every fault at once", () => {
    const env = { PLIMSOLL_LISTEN: "everywhere", PLIMSOLL_DATA: "here", DATABASE_URL: "mysql://x:hush@y" };
    const thrown = expect.objectContaining({
      code: "BAD_CONFIG",
      message: expect.stringMatching(/PLIMSOLL_LISTEN.*PLIMSOLL_DATA.*DATABASE_URL/),
    });
    expect(() => readConfig({ env }, user)).toThrow(thrown);
    expect(() => readConfig({ env }, user)).not.toThrow(/hush/);
  });

  it.each([
    [{ PLIMSOLL_ROLE: "boss" }, /PLIMSOLL_ROLE: it is none of all, api, worker/],
    [{ PLIMSOLL_ROLE: "api" }, /api alone needs DATABASE_URL/],
    [{ PLIMSOLL_TLS_CERT: "c.pem" }, /go together/],
    [{ PLIMSOLL_TRUSTED_PROXIES: "10.0.0.0/33,proxy" }, /"10.0.0.0\/33", "proxy"/],
    [{ PLIMSOLL_TRUSTED_PROXIES: "::1/-1" }, /"::1\/-1"/],
    [{ PLIMSOLL_BASE_PATH: "plimsoll" }, /no path/],
    [{ PLIMSOLL_BASE_PATH: "/a//b" }, /no path/],
    [{ PLIMSOLL_MAX_CONNECTIONS: "0" }, /from 1 to/],
    [{ PLIMSOLL_MAX_BODY: "1e6" }, /whole number/],
    [{ PLIMSOLL_DRAIN_SECONDS: "-1" }, /whole number/],
    [{ PLIMSOLL_LOG_LEVEL: "trace" }, /none of debug, info, warn/],
    [{ PLIMSOLL_LISTEN: "127.0.0.1:65536" }, /no ADDRESS:PORT/],
  ])("refuses %j", (env, message) => {
    expect(() => readConfig({ env }, user)).toThrow(message);
  });

  it("has help for every row, and no two rows of one name", () => {
    const rows = Object.values(settings);
    for (const { variable } of rows) expect(settingsHelp()).toContain(`  ${variable}`);
    const flags = rows.flatMap(({ flag }) => flag ?? []);
    expect(new Set(flags).size).toBe(flags.length);
    expect(new Set(rows.map(({ variable }) => variable)).size).toBe(rows.length);
  });
});

describe("variables that nobody reads", () => {
  it("are named with what was probably meant", () => {
    const env = { PLIMSOLL_LISTN: "x", PLIMSOLL_LISTEN: "y", PLIMSOLL_DB_URL: "z", OTHER: "w" };
    expect(unknownVariables(env)).toEqual(["PLIMSOLL_LISTN is read by nobody: is PLIMSOLL_LISTEN meant?"]);
  });

  it("are not those that Kubernetes makes of a Service's name", () => {
    const env = {
      PLIMSOLL_PORT: "tcp://10.0.0.1:80",
      PLIMSOLL_PORT_80_TCP: "tcp://10.0.0.1:80",
      PLIMSOLL_PORT_80_TCP_ADDR: "10.0.0.1",
      PLIMSOLL_SERVICE_HOST: "10.0.0.1",
      PLIMSOLL_SERVICE_PORT_HTTP: "80",
      PLIMSOLL_API_SERVICE_HOST: "10.0.0.1",
    };
    expect(unknownVariables(env)).toEqual([]);
  });
});
