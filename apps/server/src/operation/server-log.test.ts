import { describe, expect, it } from "vitest";
import { requestId } from "./request-id.ts";
import { serverLog } from "./server-log.ts";

function logged(readable: boolean, level: "debug" | "info" | "warn" = "info") {
  const lines: string[] = [];
  const write = (line: string): void => void lines.push(line);
  const log = serverLog({ level, readable, clock: () => 0, write, about: { role: "api" } });
  return { log, lines };
}

const token = "plm_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

describe("the server's log", () => {
  it("is one JSON object a line, with time, level, message and fields", () => {
    const { log, lines } = logged(false);
    log.info("request", { id: "r1", status: 200 });
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? "")).toEqual({
      level: "info",
      time: "1970-01-01T00:00:00.000Z",
      role: "api",
      id: "r1",
      status: 200,
      message: "request",
    });
  });

  it("is readable for people", () => {
    const { log, lines } = logged(true);
    log.warn("a request failed", { url: "/x", why: "too many", n: 3 });
    expect(lines).toEqual(['00:00:00 warn  a request failed url=/x why="too many" n=3\n']);
  });

  it("leaves out what is below its level", () => {
    const { log, lines } = logged(false, "warn");
    log.debug("a");
    log.info("b");
    expect(lines).toEqual([]);
  });

  it.each([
    ["a token in a message", { why: `no such token ${token}` }],
    ["a header", { why: "Authorization: Bearer abcdefghij.klmnop" }],
    ["basic credentials", { why: "sent Basic aHVzaC1odXNoOmh1c2gtaHVzaA==" }],
    ["an address with a password", { url: "postgres://plimsoll:hush-hush@db:5432/plimsoll" }],
    ["a query", { path: "/x?token=hush-hush&n=1" }],
    ["a field by its name", { password: "hush-hush" }],
    ["a field within a field", { env: { SECURE_API_TOKEN: "hush-hush", registryPassword: ["hush-hush"] } }],
    ["an error", { why: new Error("postgres://u:hush-hush@h refused") }],
    ["a private key", { why: "-----BEGIN PRIVATE KEY-----\nhush-hush\n-----END PRIVATE KEY-----" }],
    ["a list", { args: ["--header", "Cookie: Bearer hush-hush"] }],
  ])("never tells %s", (_, fields) => {
    for (const readable of [true, false]) {
      const { log, lines } = logged(readable);
      log.warn("it failed", fields);
      const told = lines.join("");
      expect(told).toContain("it failed");
      expect(told).not.toMatch(/hush-hush|AAAAAAAA|abcdefghij|aHVzaC/);
    }
  });

  it("makes control, line and bidi characters harmless, in fields and in their names", () => {
    for (const readable of [true, false]) {
      const { log, lines } = logged(readable);
      log.warn("a\u001b[2Jb", {
        "x\u202e\n": "\u001b]0;owned\u0007\r\nforged line\u202e\u0085",
        deep: { y: ["\u009b31m"] },
      });
      expect(lines).toHaveLength(1);
      const [line = ""] = lines;
      expect(line.slice(0, -1)).not.toMatch(/[\p{Cc}\u202e\u2028]/u);
      expect(JSON.stringify(line)).not.toMatch(/u001b|u009b(?!\})/);
    }
  });

  it("is bounded whatever it is handed: circles, depth, length, lists", () => {
    const circle: Record<string, unknown> = {
      text: "x".repeat(1_000_000),
      list: Array.from({ length: 10_000 }, () => "y"),
    };
    circle.self = circle;
    const { log, lines } = logged(false);
    log.warn("big", { circle, huge: 10n ** 30n });
    expect(lines[0]?.length).toBeLessThan(40_000);
  });
});

describe("a request's id", () => {
  it.each(["f3a1b2c4-0000-4000-8000-000000000000", "Root=1-67:abc.def", "01234567"].map((id) => [id]))(
    "is the client's own when it is sane: %s",
    (id) => {
      const isSane = !id.includes("=");
      expect(requestId({ headers: { "x-request-id": id } }) === id).toBe(isSane);
    },
  );

  it.each([
    "short",
    "x".repeat(65),
    "has space 1",
    "line\nbreak",
    "\u001b[2J12345678",
    "<script>alert(1)</script>",
    "",
  ])("is drawn instead of %j", (id) => {
    expect(requestId({ headers: { "x-request-id": id } })).toMatch(/^[0-9a-f]{32}$/);
  });

  it("is drawn anew for each request that brings none", () => {
    expect(requestId({ headers: {} })).not.toBe(requestId({ headers: {} }));
  });
});
