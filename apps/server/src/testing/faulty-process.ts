/**
 * A server process with workers on somebody's database: `node faulty-process.ts JSON`. Says `url …` when it listens. A
 * line of JSON on stdin ({@link Arming}) says what dies at which point from then on.
 */
import { randomBytes } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { silentLog } from "@plimsoll/kit";
import {
  type FaultPoint,
  onFault,
  openStore,
  passwordKeeper,
  type Services,
  serverKnowledge,
  startSecrets,
  startWorkers,
} from "@plimsoll/platform";
import { openVulndb } from "@plimsoll/vulndb";
import { buildApp } from "../app.ts";

/** What such a process is given. */
export interface Faulty {
  readonly url: string;
  /** File of the vulnerability database, and of the keys of the secrets. */
  readonly database: string;
  readonly keyFile: string;
  /** ms since the epoch. */
  readonly now: number;
  /** Whether it does jobs too. */
  readonly works: boolean;
}

/** What dies at a point, at its `nth` time: this process, all of PostgreSQL, or one of its processes that serves us. */
export interface Arming {
  readonly point: FaultPoint;
  readonly nth: number;
  readonly dies: "process" | "database" | "backend";
  /** Process id of PostgreSQL. */
  readonly postmaster: number;
}

/** Ends what is to die, at once. */
export function kill({ dies, postmaster }: Pick<Arming, "dies" | "postmaster">): void {
  if (dies === "process") process.kill(process.pid, "SIGKILL");
  else if (dies === "database") process.kill(postmaster, "SIGQUIT");
  else for (const pid of backendsOf(postmaster).slice(0, 1)) process.kill(pid, "SIGKILL");
}

/** Processes of PostgreSQL that serve connections. */
function backendsOf(postmaster: number): readonly number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        const parent = /^PPid:\s+(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
        return Number(parent) === postmaster && readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("[local]");
      } catch {
        return false;
      }
    })
    .map(Number);
}

async function live({ url, database, keyFile, now, works }: Faulty): Promise<void> {
  const { pool, db } = await openStore({ url });
  const clock = () => now;
  const random = (bytes: number) => randomBytes(bytes);
  const knowledge = await serverKnowledge(pool, () => openVulndb(database), clock);
  const secrets = await startSecrets({ pool, random, log: silentLog }, { ownFile: keyFile });
  const outbound = { allowPrivate: ["127.0.0.0/8"], proxyEnv: {}, userAgent: "plimsoll" };
  const fetching = { outbound, layersFolder: `${database}.layers`, heapMb: 512 };
  const passwords = passwordKeeper(random);
  const services: Services = { pool, db, knowledge, random, passwords, secrets, fetching, clock, log: silentLog };
  if (works) await startWorkers(services, { beatMs: 100, graceMs: 500 });
  const app = await buildApp({
    services,
    onDefect: () => undefined,
    scansPerMinute: 1e6,
  });
  for await (const line of said(await app.listen({ host: "127.0.0.1", port: 0 }))) arm(JSON.parse(line) as Arming);
}

function said(url: string): AsyncIterable<string> {
  process.stdout.write(`url ${url}\n`);
  return createInterface({ input: process.stdin });
}

function arm(arming: Arming): void {
  let seen = 0;
  onFault((reached) => {
    if (reached === arming.point && ++seen === arming.nth) kill(arming);
  });
  process.stdout.write("armed\n");
}

if (process.argv[1] === import.meta.filename) await live(JSON.parse(process.argv[2] ?? "{}") as Faulty);
