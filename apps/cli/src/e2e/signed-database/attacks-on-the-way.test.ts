import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { cliEntry } from "@plimsoll/testkit";
import { dbStatus } from "@plimsoll/vulndb";
import { describe, expect, it } from "vitest";
import { besiege, serve, shaOf } from "./siege.ts";

/** What deltas, servers and interruptions can do to a site; each ends with a whole database. */

const siege = besiege();

describe("a delta that lies", () => {
  it("on a wrong base is not used: the whole database comes instead", async () => {
    const bytes = readFileSync(siege.port.database);
    bytes[5000] = (bytes[5000] ?? 0) ^ 1;
    writeFileSync(siege.port.database, bytes);
    const child = await siege.port.take(2);
    expect([child.code, child.stdout]).toEqual([0, expect.stringContaining("by the whole database")]);
  });

  it("that leads elsewhere is found out before anything is replaced", async () => {
    rmSync(siege.full(2));
    siege.resigned((text) =>
      text.replace(
        /("deltas":\[.*?"sha256":")[0-9a-f]{64}("[^\]]*"to":\{[^}]*"sha256":")[0-9a-f]{64}/,
        `$1${shaOf(readFileSync(siege.delta()))}$2${"0".repeat(64)}`,
      ),
    );
    const child = await siege.port.take(2);
    expect(child.code).toBe(3);
    siege.expectUntouched();
  });

  it("that is damaged costs only the whole database", async () => {
    const bytes = readFileSync(siege.delta());
    bytes[300] = (bytes[300] ?? 0) ^ 1;
    writeFileSync(siege.delta(), bytes);
    const child = await siege.port.take(2);
    expect([child.code, child.stderr]).toEqual([0, expect.stringContaining("another digest")]);
    expect(dbStatus(siege.port.database).revision).toBe(siege.port.revision(2));
  });
});

describe("a server that lies", () => {
  it("endless data: a database that never ends", async () => {
    await using server = await serve((request, response) => {
      if (!request.url?.endsWith(".sqlite.zst")) return void response.end(readIfThere(request.url ?? ""));
      const more = () => {
        while (response.write(Buffer.alloc(65_536)));
      };
      response.on("drain", more);
      more();
    });
    await siege.refused("REVISION_FILE_WRONG", server.url);
  });

  it("endless data: a manifest that never ends", async () => {
    await using server = await serve((_, response) => {
      const more = () => {
        while (response.write(Buffer.alloc(65_536, 32)));
      };
      response.on("drain", more);
      more();
    });
    await siege.refused("BODY_TOO_LARGE", server.url);
  });

  it("a login page in place of everything", async () => {
    await using server = await serve((_, response) => void response.end("<html>Log in"));
    await siege.refused("REVISION_UNREADABLE", server.url);
  });

  it("status 404 and 503", async () => {
    await using server = await serve((_, response) => void response.writeHead(404).end());
    await siege.refused("REPOSITORY_MISSING", server.url);
  });

  /** Everything but the delta, so that the whole database is asked for. */
  function readIfThere(url: string): Buffer | string {
    const path = join(siege.port.repository, url.slice(1));
    return existsSync(path) && !url.includes("delta") ? readFileSync(path) : "";
  }
});

describe("an import", () => {
  it("killed in the middle leaves the old database usable, and the next one clears up", async () => {
    rmSync(siege.delta());
    await using server = await serve((request, response) => {
      const path = join(siege.port.repository, request.url?.slice(1) ?? "");
      if (!existsSync(path)) return void response.writeHead(404).end();
      if (!path.endsWith(".zst")) return void response.end(readFileSync(path));
      response.write(readFileSync(path).subarray(0, 5000)); // and then nothing
    });
    const args = ["db", "import", server.url, "-d", siege.port.site, "--db-key", siege.port.key("harbour.pub")];
    const epoch = String(Date.parse("2026-01-02T00:00:00Z") / 1000);
    const child = spawn(process.execPath, [cliEntry, ...args], { env: { ...process.env, SOURCE_DATE_EPOCH: epoch } });
    for (let left = 200; left > 0 && !readdirSync(siege.port.site).some(isScratch); left--) await pause(50);
    expect(readdirSync(siege.port.site).some(isScratch)).toBe(true);
    child.kill("SIGKILL");
    await once(child, "exit");
    expect(readFileSync(siege.port.database).equals(siege.old)).toBe(true);
    expect((await siege.port.run(2, ["db", "status", "-d", siege.port.site])).stdout).toContain(siege.port.revision(1));
    expect((await siege.port.take(2)).code).toBe(0);
    expect(readdirSync(siege.port.site).sort()).toEqual(["vulndb.sqlite", "vulndb.sqlite.origin.json"]);
  });

  it("beside another waits, and both end well", async () => {
    const both = await Promise.all([siege.port.take(2), siege.port.take(2)]);
    expect(both.map(({ code }) => code)).toEqual([0, 0]);
    expect(both.map(({ stdout }) => stdout.includes("is current")).sort()).toEqual([false, true]);
    expect(dbStatus(siege.port.database).revision).toBe(siege.port.revision(2));
  });

  it("into a folder that is gone, or a stick that is, says so", async () => {
    renameSync(siege.port.repository, `${siege.port.repository}-gone`);
    await siege.refused("REPOSITORY_MISSING");
  });
});

function isScratch(name: string): boolean {
  return name.startsWith(".plimsoll-import-");
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
