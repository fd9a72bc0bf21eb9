import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { FaultPoint } from "../../fault.ts";
import { enqueue } from "../../jobs/enqueue.ts";
import { startWorkers } from "../../jobs/start-workers.ts";
import { tidy } from "../../jobs/tidy.ts";
import type { BackingUp } from "../../testing/backup-process.ts";
import { reportOf, sbomOf } from "../../testing/estate.ts";
import { jobServices } from "../../testing/test-workers.ts";
import { ingest } from "../ingest/ingest.ts";
import { readJob } from "../jobs/list.ts";
import { openStore, type Store } from "../open-store.ts";
import { openBackup } from "./restore-backup.ts";
import { type BackupOptions, writeBackup } from "./write-backup.ts";

const at = "2026-01-01T00:00:00.000Z";
const options: BackupOptions = { at, program: "test", keyPrint: null, keys: null };
const program = new URL("../../testing/backup-process.ts", import.meta.url).pathname;
const payload = { uploads: 1, jobs: 7, deadJobs: 30 };

let folder: string;
let data: string;
let file: string;
/** A job that was being done when the backup was made. */
let job: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "plimsoll-killed-backup-"));
  chmodSync(folder, 0o711);
  data = join(folder, "store");
  file = join(folder, "first.backup");
  await using store = await openStore({ folder: data });
  await scan(store, "in the backup");
  // Workers make the queue.
  await (await startWorkers(jobServices(store), { slots: 1 }))[Symbol.asyncDispose]();
  job = await enqueue(store.pool, tidy, { payload, priority: "push", key: "running" });
  await store.pool.query("update job set state = 'running', worker_id = 77, started_at = now() where id = $1", [job]);
  await writeBackup(store.pool, file, options);
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function scan({ pool }: Store, name: string): Promise<void> {
  const sbom = sbomOf([{ adds: ["a@1", `${name.replaceAll(" ", "-")}@1`], removes: [] }]);
  const asset = { kind: "registry", name, scope: {}, team: null } as const;
  await ingest(pool, { report: reportOf(sbom, new Map(), at), asset, seq: 0, actor: "test" });
}

/** The program on the installation's own folder; its PostgreSQL outlives it. */
async function dieAt(death: Pick<BackingUp, "does" | "path" | "point" | "nth">): Promise<void> {
  const life: BackingUp = { folder: data, options, ...death };
  const child = spawn(process.execPath, [program, JSON.stringify(life)], { stdio: ["ignore", "ignore", "inherit"] });
  expect((await once(child, "exit"))[1]).toBe("SIGKILL");
}

async function names({ pool }: Store): Promise<readonly string[]> {
  const { rows } = await pool.query<{ name: string }>("select name from asset order by name");
  return rows.map(({ name }) => name);
}

it("kill -9 in the middle of a backup: what there is of it is refused, and the next one is whole", async () => {
  const path = join(folder, "killed.backup");
  await dieAt({ does: "backup", path, point: "backup.table", nth: 3 });
  await expect(openBackup(path)).rejects.toMatchObject({ code: expect.stringMatching(/^BACKUP_/) });
  await using store = await openStore({ folder: data });
  expect(await names(store)).toEqual(["in the backup"]);
  await writeBackup(store.pool, path, options);
  expect(await openBackup(path)).toMatchObject({ at });
}, 120_000);

describe("kill -9 in the middle of a restore", () => {
  it.each<[FaultPoint, number]>([
    ["restore.table", 3],
    ["restore.loaded", 1],
  ])(
    "at %s: everything is as it was, and the next start needs no help",
    async (point, nth) => {
      const later = `after the backup, ${point}`;
      {
        await using store = await openStore({ folder: data });
        await scan(store, later);
      }
      await dieAt({ does: "restore", path: file, point, nth });
      await using store = await openStore({ folder: data });
      expect(await names(store)).toContain(later);
    },
    120_000,
  );

  it("after its commit: it is restored, and what was being done then is done", async () => {
    await dieAt({ does: "restore", path: file, point: "restore.committed", nth: 1 });
    await using store = await openStore({ folder: data });
    expect(await names(store)).toEqual(["in the backup"]);
    await using _ = await startWorkers(jobServices(store), { beatMs: 100, graceMs: 200 });
    for (let left = 300; left > 0; left--) {
      if ((await readJob(store.pool, { team: null }, job))?.endedAt) break;
      await wait(50);
    }
    expect(await readJob(store.pool, { team: null }, job)).toMatchObject({ state: "done" });
  }, 120_000);
});
