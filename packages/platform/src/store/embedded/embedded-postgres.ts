import { createHash } from "node:crypto";
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { type Log, messageOf, silentLog } from "@plimsoll/kit";
import type { PoolConfig } from "pg";
import { platformError } from "../../errors.ts";
import { embeddedBinaries } from "./binaries.ts";
import { ensureCluster } from "./cluster.ts";
import { claim, ownerOf } from "./owner.ts";
import { type ServerStart, startServer, stopOrphan, stopServer } from "./server.ts";
import { closedFolder, type ServerUser, serverUser } from "./server-user.ts";

/** A PostgreSQL of our own that runs as long as this process wants it. */
export interface EmbeddedPostgres extends AsyncDisposable {
  /** How to reach it. */
  readonly connection: PoolConfig;
  /** Process number of the running server. */
  pid(): number | null;
}

/** Pauses before the starts after a crash, in ms; behind the last one it stays down. */
const restartAfter = [0, 500, 2000, 5000, 15_000] as const;
const calmMs = 60_000;

/**
 * Starts the PostgreSQL of a data folder, which is made when it is not there; one that outlived its program is stopped
 * first, and one that dies is started again. Throws STORE_IN_USE, POSTGRES_MISSING, POSTGRES_FAILED.
 */
export async function startEmbeddedPostgres(folder: string, log: Log = silentLog): Promise<EmbeddedPostgres> {
  mkdirSync(folder, { recursive: true, mode: 0o711 });
  const home = realpathSync(folder);
  letIn(home);
  const release = claim(join(home, "owner.json"), home);
  const user = serverUser();
  const places = {
    data: join(home, "postgres-18"),
    sockets: socketFolder(home, user),
    log: join(home, "postgres.log"),
  };
  try {
    await stopOrphan(places.data);
    await ensureCluster(places.data, user);
    const start: ServerStart = {
      binaries: embeddedBinaries({ links: join(places.sockets, "lib"), copy: join(home, "postgres-18-program") }),
      places,
      user,
    };
    const supervised = await supervise(start, log);
    writeFileSync(join(home, socketsNote), places.sockets, { mode: 0o600 });
    return {
      connection: { ...superuser, host: places.sockets },
      pid: supervised.pid,
      [Symbol.asyncDispose]: async () => {
        await supervised.stop();
        rmSync(places.sockets, { recursive: true, force: true });
        release();
      },
    };
  } catch (error) {
    release();
    throw error;
  }
}

/** How to reach the server of a folder that another program of this machine has open; `null`: none has. */
export function runningPostgres(folder: string): PoolConfig | null {
  if (!existsSync(folder)) return null;
  const home = realpathSync(folder);
  if (ownerOf(join(home, "owner.json")) === null) return null;
  const path = join(home, socketsNote);
  return existsSync(path) ? { ...superuser, host: readFileSync(path, "utf8") } : null;
}

const superuser = { user: "plimsoll", database: "postgres" } as const;
/** Says where the sockets are, which depends on who started the server with which TMPDIR. */
const socketsNote = "sockets";

/** The server's user has to come through the folder; what lies in it is closed to everybody else. */
function letIn(home: string): void {
  if (serverUser() !== null) chmodSync(home, 0o711);
  const closed = closedFolder(home);
  if (closed !== null) throw platformError("FOLDER_CLOSED", { fields: { folder: closed } });
}

/** A socket's path may have 107 bytes, so it lies in the folder for temporary files, by a name that follows from the data's. */
function socketFolder(home: string, user: ServerUser): string {
  const name = createHash("sha256").update(home).digest("hex").slice(0, 16);
  const folder = join(tmpdir(), `plimsoll-${name}`);
  // Made anew: nobody else can have left something in it.
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { mode: 0o700 });
  chmodSync(folder, 0o700);
  if (user !== null) chownSync(folder, user.uid, user.gid);
  return folder;
}

async function supervise(start: ServerStart, log: Log) {
  let isStopping = false;
  let restarting: Promise<void> = Promise.resolve();
  let server = await startServer(start);
  const watch = (crashes: number): void => {
    const startedAt = performance.now();
    server.once("exit", (code, signal) => {
      if (isStopping) return;
      log.warn("the embedded PostgreSQL ended by itself", { code, signal });
      restarting = restart(performance.now() - startedAt > calmMs ? 0 : crashes);
    });
  };
  const restart = async (crashes: number): Promise<void> => {
    const pause = restartAfter[crashes];
    if (pause === undefined) return log.warn("the embedded PostgreSQL stays down: it ended too often", { crashes });
    await wait(pause);
    if (isStopping) return;
    try {
      // Its children may outlive a killed postmaster for a moment; it refuses to start beside them.
      server = await startServer(start);
      if (isStopping) return void (await stopServer(server));
      watch(crashes + 1);
    } catch (error) {
      log.warn("the embedded PostgreSQL did not start again", { why: messageOf(error) });
      await restart(crashes + 1);
    }
  };
  watch(0);
  return {
    pid: () => server.pid ?? null,
    stop: async () => {
      isStopping = true;
      // One that is just being started again is stopped there.
      await restarting;
      await stopServer(server);
    },
  };
}
