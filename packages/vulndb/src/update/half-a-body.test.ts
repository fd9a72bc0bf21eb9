import { describe, expect, it } from "vitest";
import { catalogue, kevPath, newData, oldData, statusOf, updateStage } from "../testing/update-stage.ts";

const stage = updateStage();
const { update, onDisk, leftovers, haveOldCopy } = stage;

describe("half a body", () => {
  const half = newData.length / 2;

  it.each(["strong", "weak"] as const)("is gone on with at once (%s validators)", async (validators) => {
    stage.serve(kevPath, { body: newData, cutAt: half, validators }, { body: newData, validators });
    expect(statusOf(await update())).toEqual(["kev updated"]);
    expect(stage.upstream.seen[1]?.headers.range).toMatch(/^bytes=\d+-$/);
    expect(await onDisk()).toBe(newData);
    expect(await leftovers()).toEqual([]);
  });

  it("is kept for the next update, which goes on from it", async () => {
    await haveOldCopy();
    stage.serve(kevPath, { body: newData, cutAt: half });
    const report = await update();
    expect(statusOf(report)).toEqual(["kev kept-old"]);
    expect(report.problems[0]?.message).toMatch(/broke off.*bytes are kept to go on from/);
    expect(await onDisk()).toBe(oldData);
    expect(await leftovers()).toHaveLength(2);
    stage.serve(kevPath, { body: newData });
    const asked = stage.upstream.seen.length;
    expect(statusOf(await update())).toEqual(["kev updated"]);
    expect(stage.upstream.seen.slice(asked).map(({ headers }) => headers.range)).toEqual([
      expect.stringMatching(/^bytes=[1-9]/),
    ]);
    expect(await onDisk()).toBe(newData);
    expect(await leftovers()).toEqual([]);
  });

  it("is thrown away when upstream has changed meanwhile", async () => {
    stage.serve(kevPath, { body: newData, cutAt: half });
    await update();
    const newer = catalogue("2026-11-23", 90);
    stage.serve(kevPath, { body: newer });
    expect(statusOf(await update())).toEqual(["kev updated"]);
    expect(await onDisk()).toBe(newer);
  });

  it("is thrown away when the range cannot be had", async () => {
    stage.serve(kevPath, { body: newData, cutAt: half });
    await update();
    stage.serve(kevPath, { status: 416 }, { body: newData });
    expect(statusOf(await update())).toEqual(["kev updated"]);
    expect(stage.upstream.seen.at(-1)?.headers.range).toBeUndefined();
  });

  it("is no use where upstream serves no ranges", async () => {
    stage.serve(kevPath, { body: newData, cutAt: half, validators: "none" });
    expect(statusOf(await update())).toEqual(["kev unavailable"]);
    expect(await leftovers()).toEqual([]);
  });
});
