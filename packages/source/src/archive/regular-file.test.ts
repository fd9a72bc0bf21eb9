import { closeSync, mkdtempDisposableSync, openSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { openRegularFile } from "./regular-file.ts";

it("a closed file is closed once, and never reads what now has its number", async () => {
  using folder = mkdtempDisposableSync(join(tmpdir(), "plimsoll-file-"));
  const [mine, others] = ["mine", "others"].map((name) => join(folder.path, name)) as [string, string];
  writeFileSync(mine, "mine");
  writeFileSync(others, "others");
  const file = await openRegularFile(mine);
  const { fd } = file;
  const reading = file.read(0, 4);
  await file[Symbol.asyncDispose]();
  expect((await reading).toString()).toBe("mine");
  const next = openSync(others, "r");
  expect(next).toBe(fd);
  await file[Symbol.asyncDispose]();
  await expect(file.read(0, 4)).rejects.toThrow();
  expect(() => file.readNow(Buffer.alloc(4), 0)).toThrow();
  expect(() => closeSync(next)).not.toThrow();
});
