import { cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { zstdCompressSync } from "node:zlib";
import { readSigningKey } from "@plimsoll/vulndb";
import { describe, expect, it } from "vitest";
import { exchange, expectRefused } from "./port.ts";
import { besiege, payloadOf, shaOf } from "./siege.ts";

/** What a hostile repository can do to a site; each ends with the database that was there before. */

const siege = besiege();

describe("a repository that lies", () => {
  it("rollback: an older revision, well signed", async () => {
    expect((await siege.port.take(2)).code).toBe(0);
    siege.old = readFileSync(siege.port.database);
    cpSync(join(siege.port.repository, `${siege.port.revision(1)}.json`), siege.envelope());
    await siege.refused("REVISION_OLDER");
    // Also where the database itself was removed: its number is remembered beside it.
    rmSync(siege.port.database);
    expectRefused(await siege.port.take(2), "REVISION_OLDER");
    expect((await siege.port.take(2, siege.port.repository, ["--allow-older"])).stdout).toContain(
      siege.port.revision(1),
    );
  });

  it("rollback past the note: the number inside the database counts too", async () => {
    expect((await siege.port.take(2)).code).toBe(0);
    siege.old = readFileSync(siege.port.database);
    rmSync(`${siege.port.database}.origin.json`);
    cpSync(join(siege.port.repository, `${siege.port.revision(1)}.json`), siege.envelope());
    expectRefused(await siege.port.take(2), "REVISION_OLDER");
    expect(readFileSync(siege.port.database).equals(siege.old)).toBe(true);
  });

  it("freeze: a term that is over is said by the import, the status and every scan", async () => {
    expect((await siege.port.take(2)).code).toBe(0);
    const late = await siege.port.take(20);
    expect([late.code, late.stderr]).toEqual([3, expect.stringContaining("was to be replaced by 2026-01-12")]);
    expect((await siege.port.run(20, ["db", "status", "-d", siege.port.site])).stdout).toContain(
      "EXPIRED on 2026-01-12",
    );
    writeFileSync(join(siege.port.folder, "package-lock.json"), lockfile);
    const scan = await siege.port.run(20, [
      "scan",
      `dir:${siege.port.folder}`,
      "-d",
      siege.port.site,
      "--output",
      "json",
      "--no-cache",
    ]);
    expect(scan.stdout).toContain("knowledge-expired");
  });

  it("fast-forward: a number of days to come, which would make all later ones look older", async () => {
    siege.resigned((text) => text.replaceAll(siege.port.revision(2), "29990101000000"));
    await siege.refused("REVISION_AHEAD");
  });

  it("wrong signature: the manifest was changed", async () => {
    exchange(siege.envelope(), (text) => {
      const { payload, ...rest } = JSON.parse(text) as { payload: string };
      const changed = Buffer.from(payload, "base64").toString().replace('"schema":', '"schema": ');
      return JSON.stringify({ ...rest, payload: Buffer.from(changed).toString("base64") });
    });
    await siege.refused("SIGNATURE_WRONG");
  });

  it("another payload type under the same signature", async () => {
    exchange(siege.envelope(), (text) => text.replace("vulndb.revision.v1", "vulndb.revision.v2"));
    await siege.refused("REVISION_UNREADABLE");
  });

  it("unknown key: signed by a stranger", async () => {
    siege.resigned((text) => text, "stranger.key");
    await siege.refused("KEY_UNKNOWN");
  });

  it("a stranger who claims the publisher's key id", async () => {
    const { id } = readSigningKey(siege.port.key("harbour.key"));
    siege.resigned((text) => text, "stranger.key");
    exchange(siege.envelope(), (text) => text.replace(/"keyid":"[0-9a-f]+"/, `"keyid":"${id}"`));
    await siege.refused("SIGNATURE_WRONG");
  });

  it("no signature at all", async () => {
    exchange(siege.envelope(), (text) => text.replace(/"signatures":\[.*\]/, '"signatures":[]'));
    await siege.refused("REVISION_UNSIGNED");
  });

  it("mix and match: another revision's files under this one's names", async () => {
    rmSync(siege.delta());
    cpSync(siege.full(1), siege.full(2));
    await siege.refused("REVISION_FILE_WRONG");
  });

  it("mix and match, signed: a manifest that names another revision's database", async () => {
    const one = payloadOf(join(siege.port.repository, `${siege.port.revision(1)}.json`));
    const parts = ["database", "full"].map((name) => new RegExp(`"${name}":\\{[^}]*\\}`));
    siege.resigned((text) => parts.reduce((all, part) => all.replace(part, part.exec(one)?.[0] ?? ""), text));
    await siege.refused("REVISION_FILE_WRONG");
  });

  it("truncated: half of the database, and no delta", async () => {
    rmSync(siege.delta());
    writeFileSync(siege.full(2), readFileSync(siege.full(2)).subarray(0, 2000));
    await siege.refused("REVISION_FILE_WRONG");
  });

  it("wrong hash: one bit", async () => {
    rmSync(siege.delta());
    const bytes = readFileSync(siege.full(2));
    bytes[4000] = (bytes[4000] ?? 0) ^ 1;
    writeFileSync(siege.full(2), bytes);
    await siege.refused("REVISION_FILE_WRONG");
  });

  it("zstd bomb: a gigabyte of zeros, signed even", async () => {
    rmSync(siege.delta());
    const bomb = zstdCompressSync(Buffer.alloc(2 ** 30));
    writeFileSync(siege.full(2), bomb);
    const sha256 = shaOf(bomb);
    siege.resigned((text) =>
      text.replace(
        /"full":\{[^}]*\}/,
        `"full":{"bytes":${bomb.length},"name":"${siege.port.revision(2)}.sqlite.zst","sha256":"${sha256}"}`,
      ),
    );
    await siege.refused("REVISION_FILE_WRONG");
  });

  it("names that lead out of the repository", async () => {
    siege.resigned((text) => text.replaceAll(`${siege.port.revision(2)}.sqlite.zst`, "../../etc/passwd"));
    await siege.refused("REVISION_UNREADABLE");
  });

  it("something else under the manifest's name", async () => {
    for (const text of ["", "[]", "[".repeat(100_000)]) {
      writeFileSync(siege.envelope(), text);
      await siege.refused("REVISION_UNREADABLE");
    }
  }, 60_000);

  it("a manifest of two megabytes", async () => {
    writeFileSync(siege.envelope(), " ".repeat(2 ** 21));
    await siege.refused("REVISION_UNREADABLE");
  });
});

const lockfile = JSON.stringify({
  name: "shop",
  lockfileVersion: 3,
  packages: { "": { name: "shop" }, "node_modules/lodash": { version: "4.17.15" } },
});
