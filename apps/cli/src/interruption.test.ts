import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cliEntry } from "@plimsoll/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Harbour, openHarbour } from "./testing/harbour.ts";

let harbour: Harbour;
beforeAll(async () => {
  harbour = await openHarbour();
});
afterAll(() => harbour?.close());

describe("interruption", () => {
  it.each(["SIGINT", "SIGTERM"] as const)(
    "%s stops a scan that waits, as that signal, and leaves no file",
    async (signal) => {
      const home = mkdtempSync(join(tmpdir(), "plimsoll-home-"));
      // A registry that takes the request and never answers: the scan is in the middle of it when the signal comes.
      const server = createServer();
      const asked = new Promise<void>((resolve) => server.once("request", () => resolve()));
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      try {
        const image = `pull://127.0.0.1:${(server.address() as AddressInfo).port}/shop/web:1`;
        const child = spawn(process.execPath, [cliEntry, image], {
          env: { PATH: process.env.PATH, HOME: home, TMPDIR: home, XDG_CACHE_HOME: home },
          stdio: "ignore",
        });
        const ended = new Promise((resolve) => child.once("close", (...how) => resolve(how)));
        await asked;
        child.kill(signal);
        expect(await ended).toEqual([null, signal]);
        expect(readdirSync(home, { recursive: true })).toEqual([]);
      } finally {
        server.closeAllConnections();
        server.close();
        rmSync(home, { recursive: true, force: true });
      }
    },
  );

  it("a defect of ours ends with 3, never with the 1 of a failed policy", async () => {
    const fault = `data:text/javascript,${encodeURIComponent('setTimeout(() => { throw new Error("boom"); }, 20)')}`;
    const child = await harbour.run([harbour.vulnerable, "-d", harbour.db, "-n"], {
      env: { NODE_OPTIONS: `--import=${fault}` },
    });
    expect(child.code).toBe(3);
    expect(child.stderr).toContain("boom [INTERNAL]");
  });

  it("a reader that goes away is no error: the exit code is the verdict's", async () => {
    const child = spawn(process.execPath, [cliEntry, harbour.vulnerable, "-d", harbour.db, "-n", "--output", "json"], {
      env: { PATH: process.env.PATH, HOME: harbour.folder },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let stderr = "";
    child.stderr.on("data", (chunk: Buffer) => {
      stderr += chunk.toString();
    });
    child.stdout.destroy();
    const code = await new Promise((resolve) => child.once("close", resolve));
    expect(stderr).not.toContain("EPIPE");
    expect(code).toBe(1);
  });
});
