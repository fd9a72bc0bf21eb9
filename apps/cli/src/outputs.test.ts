import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { deliverAll, targetOf } from "./outputs.ts";
import { testWorld } from "./testing/test-world.ts";

const folder = mkdtempSync(join(tmpdir(), "plimsoll-outputs-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("reports that were asked for", () => {
  it("are all written although one of them cannot be, and that one is told", async () => {
    const good = join(folder, "good.json");
    const targets = [
      targetOf("json-v1", join(folder, "gone", "bad.json")),
      targetOf("json-v1", good),
      targetOf("console", "-"),
    ];
    const { world, told } = testWorld();
    const delivery = deliverAll(targets, ({ format }) => `as ${format}`, world);
    await expect(delivery).rejects.toMatchObject({ code: "OUTPUT_FAILED", exit: 3 });
    expect(readFileSync(good, "utf8")).toBe("as json-v1");
    expect(told.stdout).toBe("as console");
  });
});
