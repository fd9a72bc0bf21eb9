import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { openRegularFile } from "../archive/regular-file.ts";
import { DigestThreads } from "./digest-threads.ts";

const folder = mkdtempSync(join(tmpdir(), "plimsoll-digests-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const bytes = createHash("shake256", { outputLength: 9_000_000 }).update("digests").digest();

/** Closed at the end of the test file. */
const files: AsyncDisposable[] = [];
afterAll(async () => {
  for (const file of files) await file[Symbol.asyncDispose]();
});

async function fileOf(name: string) {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  const file = await openRegularFile(path);
  files.push(file);
  return { path, file };
}

it.each([
  ["one thread", 1, false],
  ["one thread and the caller", 1, true],
  ["two threads and the caller", 2, true],
])("takes every digest once, whoever takes it: %s", async (name, most, isHelped) => {
  const { file } = await fileOf(name);
  await using threads = new DigestThreads(most);
  const cuts = [0, 5_000_000, 6_000_000, 6_000_000, 6_000_001, 6_300_001, 6_300_065, 8_300_065, bytes.length];
  const spans = cuts.slice(1).map((end, at) => ({ file, start: cuts[at] ?? 0, length: end - (cuts[at] ?? 0) }));
  const digests = Promise.all(spans.map((span) => threads.digest(span)));
  if (isHelped) threads.help();
  const wanted = spans.map((span) => {
    const part = bytes.subarray(span.start, span.start + span.length);
    return `sha256:${createHash("sha256").update(part).digest("hex")}`;
  });
  expect(await digests).toEqual(wanted);
  // Threads that ended start again.
  expect(await threads.digest(spans[3] ?? { file, start: 0, length: 0 })).toBe(wanted[3]);
});

it("says that a file shrank, and goes on with the others", async () => {
  const { path, file } = await fileOf("shrinks");
  await using threads = new DigestThreads(1);
  truncateSync(path, 1000);
  const [lost, whole] = [2000, 1000].map((length) => threads.digest({ file, start: 0, length }));
  await expect(lost).rejects.toMatchObject({ code: "FILE_SHRANK" });
  expect(await whole).toMatch(/^sha256:/);
});

it("ends at once when it is disposed, whatever is left", async () => {
  const { file } = await fileOf("left");
  const threads = new DigestThreads(2);
  const settled: string[] = [];
  for (let n = 0; n < 200; n++)
    void threads.digest({ file, start: 0, length: bytes.length }).then((d) => settled.push(d));
  threads.help();
  await threads[Symbol.asyncDispose]();
  const before = settled.length;
  expect(before).toBeLessThan(200);
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(settled).toHaveLength(before);
});
