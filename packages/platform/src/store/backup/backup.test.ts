import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Pool } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { from, isEnd, named } from "../../testing/backup-records.ts";
import { debianPostgresMissing, startDebianPostgres } from "../../testing/debian-postgres.ts";
import { type LayerRecipe, reportOf, sbomOf } from "../../testing/estate.ts";
import { ingest } from "../ingest/ingest.ts";
import { applyMigrations, migrate, schemaState } from "../migrate.ts";
import { type OpenDatabase, openDatabase, openStore, type Store } from "../open-store.ts";
import { type BackupRecord, backupRecords, writeBackupFile } from "./backup-file.ts";
import { copyOut } from "./copy-protocol.ts";
import { openBackup, restoreBackup } from "./restore-backup.ts";
import { tablesOf, transientTables } from "./schema-facts.ts";
import { type BackupOptions, writeBackup } from "./write-backup.ts";

const at = "2026-01-01T00:00:00.000Z";
const options: BackupOptions = { at, program: "test", keyPrint: null, keys: null };

let folder: string;
let source: Store;
let file: string;
let counter = 0;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "plimsoll-backup-"));
  chmodSync(folder, 0o711);
  source = await openStore({ folder: join(folder, "source") });
  for (let n = 0; n < 20; n++) await scan(source.pool, n);
  file = join(folder, "first.backup");
  await writeBackup(source.pool, file, options);
});
afterAll(async () => {
  await source?.[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

async function scan(pool: Pool, n: number): Promise<void> {
  const base: LayerRecipe = { adds: ["a@1", "b@1", `c${n % 3}@1`], removes: [] };
  const sbom = sbomOf([base, { adds: [`own${n}@1\\N\t"'é`], removes: n % 2 ? ["a@1"] : [] }]);
  const known = new Map([
    ["a@1", [{ vulnerability: "CVE-1", severity: "high", fixable: true, exploited: false }] as const],
  ]);
  const asset = { kind: "registry", name: `image ${n}`, scope: { n: String(n) }, team: null } as const;
  await ingest(pool, { report: reportOf(sbom, known, at), asset, seq: 0, actor: "test" });
}

/** A database of its own that nothing was done to yet, on the same server. */
async function empty(): Promise<OpenDatabase> {
  const name = `empty_${counter++}`;
  await source.pool.query(`create database ${name} template template0`);
  return opened(name);
}

function opened(name: string): Promise<OpenDatabase> {
  const host = encodeURIComponent(source.pool.options.host ?? "");
  return openDatabase({ url: `postgres://plimsoll@/${name}?host=${host}` });
}

/** A database with something in it, which nobody works with. */
async function filled(): Promise<OpenDatabase> {
  const made = await empty();
  await migrate(made.pool);
  await scan(made.pool, 7);
  await made.pool.query("create table left_over (id integer)");
  const { rows } = await made.pool.query("select current_database() as name");
  await made[Symbol.asyncDispose]();
  return opened(rows[0].name);
}

/** Everything a database holds, as text: table → its rows, sorted. */
async function contents(pool: Pool): Promise<Record<string, string>> {
  const client = await pool.connect();
  try {
    const told: Record<string, string> = {};
    for (const { name, columns } of await tablesOf(client)) {
      if (transientTables.some((transient) => transient === name) || name === "migration") continue;
      const text = `row(${columns.join(", ")})::text`;
      const { rows } = await client.query(`select string_agg(${text}, e'\\n' order by ${text}) as text from ${name}`);
      told[name] = rows[0].text ?? "";
    }
    return told;
  } finally {
    client.release();
  }
}

describe("a backup", () => {
  it("brings everything back, numbers go on where they stood, and the store works", async () => {
    await using restored = await empty();
    const rows = await restoreBackup(restored.pool, file, { replace: false });
    expect(rows).toBeGreaterThan(100);
    expect(await contents(restored.pool)).toEqual(await contents(source.pool));
    await scan(restored.pool, 1000);
    const { rows: found } = await restored.pool.query("select count(*) as n from asset");
    expect(found[0].n).toBe(21);
  });

  it("is of one moment although scans come in, and is readable by its owner alone", async () => {
    const path = join(folder, "busy.backup");
    let isDone = false;
    const busy = (async () => {
      for (let n = 100; !isDone; n++) await scan(source.pool, n);
    })();
    const report = await writeBackup(source.pool, path, options);
    isDone = true;
    await busy;
    expect(report.tables).toBeGreaterThan(10);
    expect(statSync(path).mode & 0o077).toBe(0);
    await using restored = await empty();
    await restoreBackup(restored.pool, path, { replace: false });
    const { rows } = await restored.pool.query(
      `select (select count(*) from asset) as assets,
         (select count(*) from asset where image_id not in (select id from image)) as without_image,
         (select count(*) from image where id not in (select image_id from image_counter)) as without_counter`,
    );
    expect(rows[0]).toMatchObject({ without_image: 0, without_counter: 0 });
    expect(rows[0].assets).toBeGreaterThanOrEqual(20);
  });

  it("is not put over what is there unless that is said, and not beside a program that works with it", async () => {
    await using other = await filled();
    await expect(restoreBackup(other.pool, file, { replace: false })).rejects.toMatchObject({
      code: "RESTORE_NOT_EMPTY",
    });
    const second = await other.pool.connect();
    await expect(restoreBackup(other.pool, file, { replace: true })).rejects.toMatchObject({ code: "RESTORE_IN_USE" });
    second.release(true);
    // The server takes a moment to see that a connection is gone.
    const restored = () => restoreBackup(other.pool, file, { replace: true });
    await expect.poll(restored, { timeout: 10_000 }).toBeGreaterThan(100);
    expect(Object.keys(await contents(other.pool))).not.toContain("left_over");
    const { rows } = await other.pool.query("select count(*) as n from asset");
    expect(rows[0].n).toBe(20);
  });

  it("ends however the bytes of a table fall, and leaves the connection usable", async () => {
    const client = await source.pool.connect();
    try {
      // Around the bytes that a stream holds before it wants no more.
      for (const rows of [1, 100, 655, 656, 6553, 6554, 6555, 60_000]) {
        let bytes = 0;
        const sql = `copy (select repeat('x', 99) from generate_series(1, ${rows})) to stdout`;
        for await (const chunk of copyOut(client, sql)) bytes += (chunk as Buffer).length;
        expect(bytes).toBe(rows * 100);
        expect((await client.query("select 1 as n")).rows).toEqual([{ n: 1 }]);
      }
      await expect(copyOut(client, "copy (select 1 / 0) to stdout").toArray()).rejects.toThrow(/division/);
      expect((await client.query("select 1 as n")).rows).toEqual([{ n: 1 }]);
    } finally {
      client.release();
    }
  });

  it("has jobs that were being done wait again", async () => {
    await source.pool.query(
      `insert into job (name, key, payload, state, priority, max_attempts, asked_by, run_at)
       values ('x', 'k', '{}', 'running', 10, 3, 'test', now())`,
    );
    const path = join(folder, "jobs.backup");
    await writeBackup(source.pool, path, options);
    await source.pool.query("delete from job");
    await using restored = await empty();
    await restoreBackup(restored.pool, path, { replace: false });
    const { rows } = await restored.pool.query(
      "select j.state, q.key from job j join graphile_worker.jobs q on q.key = 'job:' || j.id",
    );
    expect(rows).toEqual([{ state: "queued", key: expect.stringMatching(/^job:/) }]);
  });

  it.skipIf(debianPostgresMissing() !== null)("goes from PostgreSQL 18 to 15 and back", async () => {
    await using debian = await startDebianPostgres();
    const path = join(folder, "from-15.backup");
    {
      await using old = await openDatabase({ url: debian.url });
      await restoreBackup(old.pool, file, { replace: false });
      await writeBackup(old.pool, path, options);
    }
    await using back = await empty();
    await restoreBackup(back.pool, path, { replace: false });
    await using first = await empty();
    await restoreBackup(first.pool, file, { replace: false });
    expect(await contents(back.pool)).toEqual(await contents(first.pool));
  });
});

describe("what is no whole backup", () => {
  it("is refused wherever it is damaged, before anything is touched", async () => {
    await using other = await filled();
    const before = await contents(other.pool);
    const bytes = readFileSync(file);
    const places = [0, 5, 17, 18, 30, bytes.length >> 1, bytes.length - 40, bytes.length - 32, bytes.length - 1];
    const damaged = [
      ...places.map((place) => Buffer.from(bytes).fill((bytes[place] ?? 0) ^ 1, place, place + 1)),
      ...[0, 10, 50, 51, bytes.length >> 1, bytes.length - 1].map((length) => bytes.subarray(0, length)),
      Buffer.concat([bytes, Buffer.from("x")]),
    ];
    const path = join(folder, "damaged.backup");
    for (const [at, wrong] of damaged.entries()) {
      writeFileSync(path, wrong);
      await expect(restoreBackup(other.pool, path, { replace: true }), `number ${at}`).rejects.toMatchObject({
        code: "BACKUP_DAMAGED",
      });
    }
    await expect(openBackup(join(folder, "nowhere"))).rejects.toMatchObject({ code: "BACKUP_UNREADABLE" });
    expect(await contents(other.pool)).toEqual(before);
  }, 60_000);

  it.each<[string, (record: BackupRecord, at: number) => readonly BackupRecord[], string]>([
    ["without its end", (record) => (isEnd(record) ? [] : [record]), "BACKUP_DAMAGED"],
    ["with rows missing", (record) => (record.kind === "rows" ? [] : [record]), "BACKUP_DAMAGED"],
    [
      "with a table's name that is SQL",
      (record, at) => [at === 0 ? named(record, 'x"; drop table asset; --') : record],
      "BACKUP_DAMAGED",
    ],
    [
      "with a table that nobody knows",
      (record, at) => [at === 0 ? named(record, "nobody_knows") : record],
      "BACKUP_DAMAGED",
    ],
    [
      "of a newer program",
      (record, at) => [at === 0 ? from(record, { number: 9999, sha256: "x" }) : record],
      "STORE_NEWER",
    ],
    [
      "of another program",
      (record, at) => [at === 0 ? from(record, { number: 1, sha256: "x" }) : record],
      "MIGRATION_CHANGED",
    ],
  ])("%s leaves what was there", async (_, change, code) => {
    const path = join(folder, "forged.backup");
    await writeBackupFile(path, changed(change));
    await using other = await filled();
    const before = await contents(other.pool);
    await expect(restoreBackup(other.pool, path, { replace: true })).rejects.toMatchObject({ code });
    expect(await contents(other.pool)).toEqual(before);
  });

  it("does not take the place of a good one: a disk that fills up leaves the last backup", async () => {
    const path = join(folder, "kept.backup");
    await writeBackup(source.pool, path, options);
    const before = readFileSync(path);
    const failing = async function* (): AsyncGenerator<BackupRecord> {
      yield { kind: "document", value: {} };
      throw new Error("broken off");
    };
    await expect(writeBackupFile(path, failing())).rejects.toThrow("broken off");
    expect(readFileSync(path).equals(before)).toBe(true);
    await expect(writeBackup(source.pool, join(folder, "nowhere", "x"), options)).rejects.toMatchObject({
      code: "BACKUP_FAILED",
    });
  });
});

describe("a backup of an earlier schema", () => {
  it("migrates forward, its rows with it", async () => {
    const path = join(folder, "old.backup");
    {
      await using old = await empty();
      const client = await old.pool.connect();
      await applyMigrations(client, (number) => number <= 6);
      await client.query("insert into role (name, description, permissions) values ('kept', '', '{}')");
      client.release();
      await writeBackup(old.pool, path, options);
    }
    await using restored = await empty();
    await restoreBackup(restored.pool, path, { replace: false });
    const { newest, known } = await schemaState(restored.pool);
    expect(newest).toBe(known);
    expect((await restored.pool.query("select name from role")).rows).toEqual([{ name: "kept" }]);
    await scan(restored.pool, 1);
  });
});

async function* changed(change: (record: BackupRecord, at: number) => readonly BackupRecord[]) {
  let at = 0;
  for await (const record of backupRecords(file)) yield* change(record, at++);
}
