/** A program that writes or restores a backup and dies at a named point: `node backup-process.ts JSON`. */
import { type FaultPoint, onFault } from "../fault.ts";
import { restoreBackup } from "../store/backup/restore-backup.ts";
import { type BackupOptions, writeBackup } from "../store/backup/write-backup.ts";
import { openDatabase } from "../store/open-store.ts";

/** What such a program does, and where it ends. */
export interface BackingUp {
  /** Of the embedded PostgreSQL. */
  readonly folder: string;
  readonly path: string;
  readonly does: "backup" | "restore";
  readonly options: BackupOptions;
  readonly point: FaultPoint;
  readonly nth: number;
}

async function live({ folder, path, does, options, point, nth }: BackingUp): Promise<void> {
  const { pool } = await openDatabase({ folder });
  let seen = 0;
  onFault((reached) => {
    if (reached === point && ++seen === nth) process.kill(process.pid, "SIGKILL");
  });
  if (does === "backup") await writeBackup(pool, path, options);
  else await restoreBackup(pool, path, { replace: true });
}

if (process.argv[1] === import.meta.filename) await live(JSON.parse(process.argv[2] ?? "{}") as BackingUp);
