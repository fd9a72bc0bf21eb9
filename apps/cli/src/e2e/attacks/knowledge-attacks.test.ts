import { copyFileSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { dockerArchiveOf, imageOf, repositoryRoot } from "@plimsoll/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  expectRefusal,
  expectReport,
  namesIn,
  openStage,
  type Stage,
  wholeLayers,
  wholePackages,
} from "../bad-input/stage.ts";
import { databaseAttacks } from "./database-attacks.ts";
import { feedAttacks, goodFeed } from "./feed-attacks.ts";
import { expectHarmless } from "./harmless.ts";

const program = join(repositoryRoot, "bin", "plimsoll");
const peakMb = 300;

let stage: Stage;
let vulnerable: string;
beforeAll(async () => {
  stage = await openStage();
  const installed = {
    path: "lib/apk/db/installed",
    body: "P:openssl\nV:3.0.8-r0\nA:x86_64\no:openssl\n\nP:musl\nV:1\n\n",
  };
  vulnerable = stage.save("vulnerable.tar", dockerArchiveOf([imageOf([...wholeLayers, [installed]])]));
  expect((await stage.run(["--version"], { program, timeoutMs: 110_000 })).code).toBe(0);
}, 120_000);
afterAll(() => stage?.close());

describe.concurrent("attacks by a vulndb file", () => {
  it.each(databaseAttacks)("$name", { timeout: 60_000 }, async ({ name, code, sql }) => {
    const folder = join(stage.folder, name.replace(/\W+/g, "-"));
    mkdirSync(folder);
    copyFileSync(join(stage.db, "vulndb.sqlite"), join(folder, "vulndb.sqlite"));
    const db = new DatabaseSync(join(folder, "vulndb.sqlite"));
    db.exec(sql);
    db.close();
    for (const output of [["--output", "json"], []]) {
      const child = await stage.run(["scan", vulnerable, "-d", folder, "-n", "--no-cache", ...output], { program });
      expectHarmless(child.stdout + child.stderr);
      if (code !== null || child.stdout === "") expectRefusal(child, { code: code ?? "DB_CORRUPT", exit: 3, peakMb });
      else if (output.length > 0) expectWhole(child);
    }
    expect(readdirSync(folder)).toEqual(["vulndb.sqlite"]);
  });
});

function expectWhole(child: Awaited<ReturnType<Stage["run"]>>): void {
  const exit = child.code === 0 || child.code === 1 ? child.code : 3;
  const names = namesIn(expectReport(child, { exit, peakMb }));
  expect(names).toEqual(expect.arrayContaining([...wholePackages, "openssl"]));
}

describe.concurrent("attacks by a feed", () => {
  it.each(feedAttacks)("$name", { timeout: 90_000 }, async ({ name, file, make, says }) => {
    const folder = join(stage.folder, `feed-${name.replace(/\W+/g, "-")}`);
    mkdirSync(join(folder, "feeds"), { recursive: true });
    writeFileSync(join(folder, "feeds", "good.json"), goodFeed());
    writeFileSync(join(folder, "feeds", file), make());
    const args = ["db", "build", "--from", join(folder, "feeds"), "--dbpath", join(folder, "db")];
    const child = await stage.run(args, { program, timeoutMs: 80_000 });
    expectHarmless(child.stdout + child.stderr);
    expect([child.code, child.signal], child.stderr).toEqual([0, null]);
    if (says !== undefined) expect(child.stdout + child.stderr).toMatch(says);
    expect(child.stdout + child.stderr).toMatch(/^ghsa .*[1-9]/m);
    expect(child.filesLeft).toEqual([]);
    expect(readdirSync(join(folder, "db"))).toEqual(["vulndb.sqlite"]);
    expect(child.peakRssBytes / 1e6).toBeLessThan(peakMb);
  });
});
