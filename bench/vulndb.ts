/**
 * `node bench/vulndb.ts FEEDS_DIR`: builds the vulnerability database from a folder of feeds. Fails above 90 s of
 * wall time on 2 cores, and when the load was not real (under 100,000 advisories' ranges).
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { measure, table } from "./measure.ts";

const [feeds] = process.argv.slice(2);
if (feeds === undefined) throw new Error("name the folder of feeds");
const launcher = join(import.meta.dirname, "..", "bin", "plimsoll");
const work = mkdtempSync(join(tmpdir(), "plimsoll-bench-"));
const out = join(work, "db");
try {
  const rows = await measure(
    [{ name: "db build", argv: [launcher, "db", "build", "--from", feeds, "--dbpath", out] }],
    1,
  );
  console.log(table(rows, "db build"));
  const status = spawnSync(launcher, ["db", "status", "--dbpath", out], { encoding: "utf8" });
  console.log(status.stdout);
  const wallMs = rows[0]?.medianMs ?? Number.NaN;
  console.log(`file: ${(statSync(join(out, "vulndb.sqlite")).size / 1e6).toFixed(1)} MB`);
  if (!(wallMs <= 90_000)) throw new Error(`too slow: ${(wallMs / 1000).toFixed(0)} s`);
} finally {
  rmSync(work, { recursive: true, force: true });
}
