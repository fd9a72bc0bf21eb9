import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { corrupted, truncated } from "@plimsoll/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { asNobody, canBeNobody, nobodysFolder } from "./nobody.ts";
import { expectRefusal, expectReport, openStage, type Stage } from "./stage.ts";

let stage: Stage;
let whole: Buffer;
beforeAll(async () => {
  stage = await openStage();
  whole = readFileSync(join(stage.db, "vulndb.sqlite"));
});
afterAll(() => stage?.close());

/** The header's fields (SQLite file format, section 1.3). */
const userVersion = 60;
const applicationId = 68;

/** Databases that cannot be used: the error, what to do, their bytes. */
const broken: readonly (readonly [name: string, code: string, next: string, bytes: () => Buffer])[] = [
  ["of nothing", "DB_CORRUPT", "plimsoll db update", () => Buffer.alloc(0)],
  ["of zeros", "DB_CORRUPT", "plimsoll db update", () => Buffer.alloc(100_000)],
  ["of text", "DB_CORRUPT", "plimsoll db update", () => Buffer.from("not a database at all\n".repeat(100))],
  ["cut in its header", "DB_CORRUPT", "plimsoll db update", () => truncated(whole, 60)],
  ["cut behind its header", "DB_CORRUPT", "plimsoll db update", () => truncated(whole, 4096)],
  ["cut in the middle", "DB_CORRUPT", "plimsoll db update", () => truncated(whole, whole.length - 5000)],
  ["with bytes behind it", "DB_CORRUPT", "plimsoll db update", () => Buffer.concat([whole, Buffer.alloc(512)])],
  ["with pages of noise", "DB_CORRUPT", "plimsoll db update", () => withNoise(whole)],
  ["of another program", "DB_CORRUPT", "plimsoll db update", () => withNumber(applicationId, 7)],
  ["of a newer schema", "DB_NEWER", "update plimsoll", () => withNumber(userVersion, 9999)],
  ["of an older schema", "DB_OLDER", "plimsoll db build", () => withNumber(userVersion, 0)],
  ["with a page size of 0", "DB_CORRUPT", "plimsoll db update", () => corruptedAt(16, 0)],
];

describe.concurrent("a database", () => {
  it.each(broken)("%s: %s", async (...[name, code, next, bytes]) => {
    const path = stage.save(`${name.replace(/\W+/g, "-")}/vulndb.sqlite`, bytes());
    const refused = { code, exit: 3, says: [next] } as const;
    expectRefusal(await stage.run(["scan", stage.clean, "-d", join(path, ".."), "-n"]), refused);
    expectRefusal(await stage.run(["db", "status", "--dbpath", path]), refused);
    expect(readdirSync(join(path, ".."))).toEqual(["vulndb.sqlite"]);
  });

  it("with a table missing: DB_CORRUPT", async () => {
    const path = stage.save("tableless/vulndb.sqlite", whole);
    const db = new DatabaseSync(path);
    db.exec("DROP TABLE word");
    db.close();
    expectRefusal(await stage.run(["scan", stage.clean, "-d", path, "-n"]), { code: "DB_CORRUPT", exit: 3 });
  });

  it("that does not exist: db status says how to get one", async () => {
    const child = await stage.run(["db", "status", "--dbpath", join(stage.folder, "none")]);
    expectRefusal(child, { code: "DB_MISSING", exit: 3, says: ["plimsoll db update"] });
  });

  it("that is a folder: DB_UNREADABLE", async () => {
    mkdirSync(join(stage.folder, "folder-db", "vulndb.sqlite"), { recursive: true });
    const child = await stage.run(["scan", stage.clean, "-d", join(stage.folder, "folder-db"), "-n"]);
    expectRefusal(child, { code: "DB_UNREADABLE", exit: 3 });
  });

  it("that is a link to itself: told, not followed for ever", async () => {
    mkdirSync(join(stage.folder, "circle-db"));
    symlinkSync("vulndb.sqlite", join(stage.folder, "circle-db", "vulndb.sqlite"));
    const child = await stage.run(["scan", stage.clean, "-d", join(stage.folder, "circle-db"), "-n"]);
    expect(child.code).toBe(3);
    expect(child.stderr + child.stdout).toMatch(/\[DB_|starter knowledge/);
  });

  it.skipIf(!canBeNobody)(
    "that may not be read: DB_UNREADABLE (skipped: takes root to become another user)",
    async () => {
      const path = stage.save("private/vulndb.sqlite", whole);
      chmodSync(path, 0o600);
      const child = await asNobody(stage, ["scan", stage.clean, "-d", join(path, ".."), "-n"]);
      expectRefusal(child, { code: "DB_UNREADABLE", exit: 3, says: ["permission"] });
    },
  );
});

const starter = join(import.meta.dirname, "../../../../../packages/vulndb/assets/starter/starter.json");

describe.concurrent("no database", () => {
  it.skipIf(!existsSync(starter))(
    "--skip-get-database: the starter knowledge serves and the report says so (skipped without the starter)",
    async () => {
      const args = ["scan", stage.clean, "--skip-get-database", "--no-cache", "--output", "json"];
      const result = expectReport(await stage.run(args), { exit: 3, peakMb: 400 });
      const codes = (result.problems ?? []).map(({ code }) => code);
      expect(codes).toContain("no-database");
      expect((result.problems ?? []).find(({ code }) => code === "no-database")?.next).toContain("plimsoll db update");
    },
  );

  it.skipIf(!existsSync(starter) || !canBeNobody)(
    "a folder without permission: the starter serves from elsewhere, nothing stays (skipped: takes root and the starter)",
    async () => {
      const closed = join(stage.folder, "closed");
      mkdirSync(closed, { mode: 0o555 });
      const args = ["scan", stage.clean, "-d", closed, "-n", "--output", "json"];
      expectReport(await asNobody(stage, args), { exit: 3, peakMb: 400 });
      expect([...readdirSync(closed), ...readdirSync(nobodysFolder(stage))]).toEqual([]);
    },
  );

  it("a build from a folder without feeds: FEEDS_UNKNOWN, no database", async () => {
    const from = join(stage.folder, "no-feeds");
    mkdirSync(from);
    stage.save("no-feeds/readme.txt", "nothing");
    const child = await stage.run(["db", "build", "--from", from, "--dbpath", join(stage.folder, "built")]);
    expectRefusal(child, { code: "FEEDS_UNKNOWN", exit: 3, says: ["plimsoll db update"] });
    expect(existsSync(join(stage.folder, "built", "vulndb.sqlite"))).toBe(false);
  });
});

function withNumber(at: number, value: number): Buffer {
  const copy = Buffer.from(whole);
  copy.writeUInt32BE(value, at);
  return copy;
}

function corruptedAt(at: number, value: number): Buffer {
  const copy = Buffer.from(whole);
  copy.writeUInt16BE(value, at);
  return copy;
}

/** Everything behind the first page's header flipped here and there. */
function withNoise(bytes: Buffer): Buffer {
  let copy = bytes;
  for (let at = 100; at < bytes.length; at += 61) copy = corrupted(copy, at);
  return copy;
}
