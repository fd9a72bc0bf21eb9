import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { zstdCompressSync } from "node:zlib";
import { cliEntry } from "@plimsoll/testkit";
import { dbStatus, readSigningKey } from "@plimsoll/vulndb";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { exchange, expectRefused, type Port, portIn, writeKeys } from "./port.ts";

/** What a hostile mirror, network or stick can do to a site; each ends with the database that was there before. */

let port: Port;
let template: Port;
let old: Buffer;
beforeAll(async () => {
  template = portIn();
  writeKeys(template);
  await template.publish(1);
  expect((await template.take(1)).code).toBe(0);
  await template.publish(2);
});
afterAll(() => template.close());
beforeEach(() => {
  port = portIn();
  cpSync(template.folder, port.folder, { recursive: true });
  old = readFileSync(port.database);
});
afterEach(() => port.close());

const envelope = () => join(port.repository, "plimsoll-vulndb.json");
const full = (day: number) => join(port.repository, `${port.revision(day)}.sqlite.zst`);
const delta = () => join(port.repository, `${port.revision(1)}-${port.revision(2)}.delta.zst`);

/** The site as it was: database, and nothing beside it but the note. */
function expectUntouched(): void {
  expect(readFileSync(port.database).equals(old)).toBe(true);
  expect(readdirSync(port.site).sort()).toEqual(["vulndb.sqlite", "vulndb.sqlite.origin.json"]);
}

async function refused(code: string, day = 2, from = port.repository): Promise<void> {
  expectRefused(await port.take(day, from), code);
  expectUntouched();
}

function payloadOf(path: string): string {
  const { payload } = JSON.parse(readFileSync(path, "utf8")) as { payload: string };
  return Buffer.from(payload, "base64").toString();
}

/** Changes the signed manifest and signs it again with the publisher's own key: what a bug, or a thief, could publish. */
function resigned(change: (manifest: string) => string, key = "harbour.key"): void {
  const { payload, ...rest } = JSON.parse(readFileSync(envelope(), "utf8")) as { payload: string; payloadType: string };
  const changed = Buffer.from(change(Buffer.from(payload, "base64").toString()));
  const head = `DSSEv1 ${rest.payloadType.length} ${rest.payloadType} ${changed.length} `;
  const signing = readSigningKey(port.key(key));
  const sig = sign(Buffer.concat([Buffer.from(head), changed]), signing.secret);
  const signatures = [{ keyid: signing.id, sig }];
  writeFileSync(envelope(), JSON.stringify({ ...rest, payload: changed.toString("base64"), signatures }));
}

function sign(bytes: Buffer, secret: Parameters<typeof import("node:crypto").sign>[2]): string {
  const { sign: signWith } = process.getBuiltinModule("node:crypto");
  return signWith(null, bytes, secret).toString("base64");
}

describe("a repository that lies", () => {
  it("rollback: an older revision, well signed", async () => {
    expect((await port.take(2)).code).toBe(0);
    old = readFileSync(port.database);
    cpSync(join(port.repository, `${port.revision(1)}.json`), envelope());
    await refused("REVISION_OLDER");
    // Also where the database itself was removed: its number is remembered beside it.
    rmSync(port.database);
    expectRefused(await port.take(2), "REVISION_OLDER");
    expect((await port.take(2, port.repository, ["--allow-older"])).stdout).toContain(port.revision(1));
  });

  it("rollback past the note: the number inside the database counts too", async () => {
    expect((await port.take(2)).code).toBe(0);
    old = readFileSync(port.database);
    rmSync(`${port.database}.origin.json`);
    cpSync(join(port.repository, `${port.revision(1)}.json`), envelope());
    expectRefused(await port.take(2), "REVISION_OLDER");
    expect(readFileSync(port.database).equals(old)).toBe(true);
  });

  it("freeze: a term that is over is said by the import, the status and every scan", async () => {
    expect((await port.take(2)).code).toBe(0);
    const late = await port.take(20);
    expect([late.code, late.stderr]).toEqual([3, expect.stringContaining("was to be replaced by 2026-01-12")]);
    expect((await port.run(20, ["db", "status", "-d", port.site])).stdout).toContain("EXPIRED on 2026-01-12");
    writeFileSync(join(port.folder, "package-lock.json"), lockfile);
    const scan = await port.run(20, ["scan", `dir:${port.folder}`, "-d", port.site, "--output", "json", "--no-cache"]);
    expect(scan.stdout).toContain("knowledge-expired");
  });

  it("fast-forward: a number of days to come, which would make all later ones look older", async () => {
    resigned((text) => text.replaceAll(port.revision(2), "29990101000000"));
    await refused("REVISION_AHEAD");
  });

  it("wrong signature: the manifest was changed", async () => {
    exchange(envelope(), (text) => {
      const { payload, ...rest } = JSON.parse(text) as { payload: string };
      const changed = Buffer.from(payload, "base64").toString().replace('"schema":', '"schema": ');
      return JSON.stringify({ ...rest, payload: Buffer.from(changed).toString("base64") });
    });
    await refused("SIGNATURE_WRONG");
  });

  it("another payload type under the same signature", async () => {
    exchange(envelope(), (text) => text.replace("vulndb.revision.v1", "vulndb.revision.v2"));
    await refused("REVISION_UNREADABLE");
  });

  it("unknown key: signed by a stranger", async () => {
    resigned((text) => text, "stranger.key");
    await refused("KEY_UNKNOWN");
  });

  it("a stranger who claims the publisher's key id", async () => {
    const { id } = readSigningKey(port.key("harbour.key"));
    resigned((text) => text, "stranger.key");
    exchange(envelope(), (text) => text.replace(/"keyid":"[0-9a-f]+"/, `"keyid":"${id}"`));
    await refused("SIGNATURE_WRONG");
  });

  it("no signature at all", async () => {
    exchange(envelope(), (text) => text.replace(/"signatures":\[.*\]/, '"signatures":[]'));
    await refused("REVISION_UNSIGNED");
  });

  it("mix and match: another revision's files under this one's names", async () => {
    rmSync(delta());
    cpSync(full(1), full(2));
    await refused("REVISION_FILE_WRONG");
  });

  it("mix and match, signed: a manifest that names another revision's database", async () => {
    const one = payloadOf(join(port.repository, `${port.revision(1)}.json`));
    const parts = ["database", "full"].map((name) => new RegExp(`"${name}":\\{[^}]*\\}`));
    resigned((text) => parts.reduce((all, part) => all.replace(part, part.exec(one)?.[0] ?? ""), text));
    await refused("REVISION_FILE_WRONG");
  });

  it("truncated: half of the database, and no delta", async () => {
    rmSync(delta());
    writeFileSync(full(2), readFileSync(full(2)).subarray(0, 2000));
    await refused("REVISION_FILE_WRONG");
  });

  it("wrong hash: one bit", async () => {
    rmSync(delta());
    const bytes = readFileSync(full(2));
    bytes[4000] = (bytes[4000] ?? 0) ^ 1;
    writeFileSync(full(2), bytes);
    await refused("REVISION_FILE_WRONG");
  });

  it("zstd bomb: a gigabyte of zeros, signed even", async () => {
    rmSync(delta());
    const bomb = zstdCompressSync(Buffer.alloc(2 ** 30));
    writeFileSync(full(2), bomb);
    const { createHash } = process.getBuiltinModule("node:crypto");
    const sha256 = createHash("sha256").update(bomb).digest("hex");
    resigned((text) =>
      text.replace(
        /"full":\{[^}]*\}/,
        `"full":{"bytes":${bomb.length},"name":"${port.revision(2)}.sqlite.zst","sha256":"${sha256}"}`,
      ),
    );
    await refused("REVISION_FILE_WRONG");
  });

  it("names that lead out of the repository", async () => {
    resigned((text) => text.replaceAll(`${port.revision(2)}.sqlite.zst`, "../../etc/passwd"));
    await refused("REVISION_UNREADABLE");
  });

  it("something else under the manifest's name", async () => {
    for (const text of ["", "[]", "[".repeat(100_000)]) {
      writeFileSync(envelope(), text);
      await refused("REVISION_UNREADABLE");
    }
  }, 60_000);

  it("a manifest of two megabytes", async () => {
    writeFileSync(envelope(), " ".repeat(2 ** 21));
    await refused("REVISION_UNREADABLE");
  });
});

describe("a delta that lies", () => {
  it("on a wrong base is not used: the whole database comes instead", async () => {
    const bytes = readFileSync(port.database);
    bytes[5000] = (bytes[5000] ?? 0) ^ 1;
    writeFileSync(port.database, bytes);
    const child = await port.take(2);
    expect([child.code, child.stdout]).toEqual([0, expect.stringContaining("by the whole database")]);
  });

  it("that leads elsewhere is found out before anything is replaced", async () => {
    rmSync(full(2));
    resigned((text) =>
      text.replace(
        /("deltas":\[.*?"sha256":")[0-9a-f]{64}("[^\]]*"to":\{[^}]*"sha256":")[0-9a-f]{64}/,
        `$1${sha(delta())}$2${"0".repeat(64)}`,
      ),
    );
    const child = await port.take(2);
    expect(child.code).toBe(3);
    expectUntouched();
  });

  it("that is damaged costs only the whole database", async () => {
    const bytes = readFileSync(delta());
    bytes[300] = (bytes[300] ?? 0) ^ 1;
    writeFileSync(delta(), bytes);
    const child = await port.take(2);
    expect([child.code, child.stderr]).toEqual([0, expect.stringContaining("another digest")]);
    expect(dbStatus(port.database).revision).toBe(port.revision(2));
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
    await refused("REVISION_FILE_WRONG", 2, server.url);
  });

  it("endless data: a manifest that never ends", async () => {
    await using server = await serve((_, response) => {
      const more = () => {
        while (response.write(Buffer.alloc(65_536, 32)));
      };
      response.on("drain", more);
      more();
    });
    await refused("BODY_TOO_LARGE", 2, server.url);
  });

  it("a login page in place of everything", async () => {
    await using server = await serve((_, response) => void response.end("<html>Log in"));
    await refused("REVISION_UNREADABLE", 2, server.url);
  });

  it("status 404 and 503", async () => {
    await using server = await serve((_, response) => void response.writeHead(404).end());
    await refused("REPOSITORY_MISSING", 2, server.url);
  });

  /** Everything but the delta, so that the whole database is asked for. */
  function readIfThere(url: string): Buffer | string {
    const path = join(port.repository, url.slice(1));
    return existsSync(path) && !url.includes("delta") ? readFileSync(path) : "";
  }
});

describe("an import", () => {
  it("killed in the middle leaves the old database usable, and the next one clears up", async () => {
    rmSync(delta());
    await using server = await serve((request, response) => {
      const path = join(port.repository, request.url?.slice(1) ?? "");
      if (!existsSync(path)) return void response.writeHead(404).end();
      if (!path.endsWith(".zst")) return void response.end(readFileSync(path));
      response.write(readFileSync(path).subarray(0, 5000)); // and then nothing
    });
    const args = ["db", "import", server.url, "-d", port.site, "--db-key", port.key("harbour.pub")];
    const epoch = String(Date.parse("2026-01-02T00:00:00Z") / 1000);
    const child = spawn(process.execPath, [cliEntry, ...args], { env: { ...process.env, SOURCE_DATE_EPOCH: epoch } });
    for (let left = 200; left > 0 && !readdirSync(port.site).some(isScratch); left--) await pause(50);
    expect(readdirSync(port.site).some(isScratch)).toBe(true);
    child.kill("SIGKILL");
    await once(child, "exit");
    expect(readFileSync(port.database).equals(old)).toBe(true);
    expect((await port.run(2, ["db", "status", "-d", port.site])).stdout).toContain(port.revision(1));
    expect((await port.take(2)).code).toBe(0);
    expect(readdirSync(port.site).sort()).toEqual(["vulndb.sqlite", "vulndb.sqlite.origin.json"]);
  });

  it("beside another waits, and both end well", async () => {
    const both = await Promise.all([port.take(2), port.take(2)]);
    expect(both.map(({ code }) => code)).toEqual([0, 0]);
    expect(both.map(({ stdout }) => stdout.includes("is current")).sort()).toEqual([false, true]);
    expect(dbStatus(port.database).revision).toBe(port.revision(2));
  });

  it("into a folder that is gone, or a stick that is, says so", async () => {
    renameSync(port.repository, `${port.repository}-gone`);
    await refused("REPOSITORY_MISSING");
  });
});

function isScratch(name: string): boolean {
  return name.startsWith(".plimsoll-import-");
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function sha(path: string): string {
  const { createHash } = process.getBuiltinModule("node:crypto");
  return createHash("sha256").update(readFileSync(path)).digest("hex");
}

const lockfile = JSON.stringify({
  name: "shop",
  lockfileVersion: 3,
  packages: { "": { name: "shop" }, "node_modules/lodash": { version: "4.17.15" } },
});

async function serve(listener: RequestListener) {
  const server = createServer(listener);
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}
