import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type ChildResult, repositoryRoot } from "@plimsoll/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  archiveWith,
  expectRefusal,
  expectReport,
  namesIn,
  openStage,
  type Stage,
  wholePackages,
} from "../bad-input/stage.ts";
import type { Attack } from "./attack.ts";
import { databaseAttacks } from "./database-attacks.ts";
import { feedAttacks } from "./feed-attacks.ts";
import { imageAttacks } from "./image-attacks.ts";
import { packageAttacks } from "./package-attacks.ts";
import { tarAttacks } from "./tar-attacks.ts";

/** The ceiling of every attack, MB. */
const peakMb = 300;
/** The small database covers npm and Alpine alone. */
const unjudged = new Set(["no-feed"]);
const program = join(repositoryRoot, "bin", "plimsoll");

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
  // Builds it, if it has changed.
  expect((await stage.run(["--version"], { program, timeoutMs: 110_000 })).code).toBe(0);
}, 120_000);
afterAll(() => stage?.close());

function nameOf({ name }: Attack): string {
  return `${name.replace(/\W+/g, "-")}.tar`;
}

function save(one: Attack): void {
  const made = one.make();
  stage.save(nameOf(one), Buffer.isBuffer(made) ? made : archiveWith(...(made as Exclude<typeof made, Buffer>)));
}

function attack(one: Attack): Promise<ChildResult> {
  const policy = one.breaks === undefined ? [] : ["--policy", one.breaks];
  const options = ["--no-cache", ...policy];
  return stage.scan(join(stage.folder, nameOf(one)), options, { program, timeoutMs: one.wallMs ?? 20_000 });
}
function expectEnding(child: ChildResult, { ends, wallMs, breaks }: Attack): void {
  expect(child.stdout + child.stderr).not.toContain("root:x:0");
  const cost = { peakMb, ...(wallMs !== undefined && { wallMs }) };
  if (ends.kind === "refused") {
    const exit = ends.code === "NOT_AN_ARCHIVE" ? 2 : 3;
    return expectRefusal(child, { code: ends.code, exit, ...cost });
  }
  const passed = child.code === 0 ? 0 : 3;
  const result = expectReport(child, { exit: breaks === undefined ? passed : 1, ...cost });
  const also = ends.kind === "whole" ? (ends.also ?? []) : [];
  expect(namesIn(result)).toEqual(expect.arrayContaining([...wholePackages, ...also]));
  const isLoss = ({ level, code }: { level?: string | undefined; code?: string | undefined }): boolean =>
    level === "incomplete" && !unjudged.has(code ?? "");
  const lost = (result.problems ?? []).filter(isLoss);
  if (ends.kind === "whole") return expect(lost).toEqual([]);
  const { code, path } = ends;
  const isIt = (problem: (typeof lost)[number]): boolean =>
    problem.code === code && (path === undefined || String(problem.path).startsWith(path));
  expect(lost.find(isIt), JSON.stringify(lost)).toBeDefined();
}

describe.concurrent.each([
  ["a layer's tar", tarAttacks],
  ["an image's layers and documents", imageAttacks],
  ["packages", packageAttacks],
])("attacks by %s", (_, attacks) => {
  // Made before the clocks run.
  beforeAll(() => attacks.forEach(save), 120_000);

  it.each(attacks)("$name", { timeout: 90_000 }, async (one) => {
    expectEnding(await attack(one), one);
  });
});

it("nothing was written where names led", () => {
  const places = ["/tmp/plimsoll-owned", "/etc/cron.d/plimsoll-owned", "/tmp/plimsoll-owned.json"];
  expect(places.filter((path) => existsSync(path))).toEqual([]);
});

it("docs/reliability.md tells each of them", () => {
  const told = readFileSync(join(repositoryRoot, "docs", "reliability.md"), "utf8");
  const all = [tarAttacks, imageAttacks, packageAttacks, databaseAttacks, feedAttacks].flat();
  expect(all.map(({ name }) => name).filter((name) => !told.includes(`| ${name} |`))).toEqual([]);
});
