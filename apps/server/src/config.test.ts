import { describe, expect, it } from "vitest";
import { readConfig } from "./config.ts";

const user = { home: "/home/u", isRoot: false };

describe("the server's configuration", () => {
  it("needs nothing", () => {
    expect(readConfig({}, user)).toEqual({
      listen: { host: "127.0.0.1", port: 8418 },
      data: "/home/u/.local/share/plimsoll",
      databaseUrl: null,
      vulndb: null,
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
  ])("reads %j", (env, expected) => {
    expect(readConfig(env, user)).toMatchObject(expected);
  });

  it("keeps root's data where servers' data lies", () => {
    expect(readConfig({}, { home: "/root", isRoot: true }).data).toBe("/var/lib/plimsoll");
  });

  it("names every fault at once", () => {
    const env = { PLIMSOLL_LISTEN: "everywhere", PLIMSOLL_DATA: "here", DATABASE_URL: "mysql://x" };
    expect(() => readConfig(env, user)).toThrow(
      expect.objectContaining({
        code: "BAD_CONFIG",
        message: expect.stringMatching(/PLIMSOLL_LISTEN.*PLIMSOLL_DATA.*DATABASE_URL/),
      }),
    );
  });
});
