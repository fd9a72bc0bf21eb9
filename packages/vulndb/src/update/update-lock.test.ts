import { mkdir, readFile, utimes, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { kevPath, newData, statusOf, updateStage } from "../testing/update-stage.ts";

const stage = updateStage();
const { update, leftovers } = stage;

describe("two updates of one folder", () => {
  const lock = (): string => stage.path(".update.lock");
  const now = (): number => Date.now();

  it("take turns", async () => {
    stage.serve(kevPath, { body: newData });
    const reports = await Promise.all([update({ now }), update({ now }), update({ now })]);
    expect(reports.flatMap(statusOf).sort()).toEqual(["kev unchanged", "kev unchanged", "kev updated"]);
    expect(await leftovers()).toEqual([]);
  });

  it("the second gives up after its time, and says who is at it", async () => {
    await writeFile(lock(), JSON.stringify({ pid: process.pid, host: hostname() }));
    await expect(update({ now, lockWaitMs: 300 })).rejects.toMatchObject({
      code: "UPDATE_RUNNING",
      message: expect.stringContaining(`process ${process.pid} on ${hostname()}`),
    });
    expect(await readFile(lock(), "utf8")).toContain(String(process.pid));
  });

  it.each([
    ["whose process is gone", JSON.stringify({ pid: 2 ** 30, host: hostname() }), 0],
    ["of another machine that has long been silent", JSON.stringify({ pid: 1, host: "elsewhere" }), 3_600],
    ["that is empty and old", "", 3_600],
    ["that is nonsense and old", "{{{", 3_600],
  ])("take over a lock %s", async (_, text, ageSeconds) => {
    stage.serve(kevPath, { body: newData });
    await writeFile(lock(), text);
    const then = Date.now() / 1000 - ageSeconds;
    await utimes(lock(), then, then);
    expect(statusOf(await update({ now, lockWaitMs: 0 }))).toEqual(["kev updated"]);
    expect(await leftovers()).toEqual([]);
  });

  it("a folder that cannot be made is a user's error", async () => {
    await writeFile(stage.path("file"), "");
    await expect(update({ dir: join(stage.dir, "file", "below") })).rejects.toMatchObject({
      code: "UPDATE_UNWRITABLE",
      exit: 3,
    });
    await mkdir(stage.path("kev"));
  });
});
