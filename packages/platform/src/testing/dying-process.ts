/**
 * A worker process that ends by SIGKILL just before or after a query, or at a named point: `node dying-process.ts JSON`. Says `ready` when it
 * takes jobs. For tests of what survives.
 */
import { copyFileSync, renameSync } from "node:fs";
import { silentLog } from "@plimsoll/kit";
import { openVulndb } from "@plimsoll/vulndb";
import { Client } from "pg";
import { type FaultPoint, onFault } from "../fault.ts";
import { startWorkers } from "../jobs/start-workers.ts";
import { serverKnowledge } from "../knowledge/server-knowledge.ts";
import type { Services } from "../services/services.ts";
import { openStore } from "../store/open-store.ts";

/** How such a process lives and dies. */
export interface Dying {
  readonly url: string;
  readonly vulndb: string;
  /** ms since the epoch. */
  readonly now: number;
  /** What an update of feeds puts in the database's place, and its revision. */
  readonly upstream: { readonly file: string; readonly revision: string } | null;
  /** Part of the SQL that it dies of, at its `nth` time; or, with `at`, a named point (fault.ts). */
  readonly sql: string;
  readonly nth: number;
  readonly when: "before" | "after" | "at";
}

/** Replaces a database as an update does: as a whole. */
export function replaceDatabase(file: string, by: string): void {
  copyFileSync(by, `${file}.new`);
  renameSync(`${file}.new`, file);
}

async function live({ url, vulndb, now, upstream, sql, nth, when }: Dying): Promise<void> {
  const store = await openStore({ url });
  const knowledge = await serverKnowledge(
    store.pool,
    () => openVulndb(vulndb),
    () => now,
  );
  const services = {
    ...store,
    knowledge,
    clock: () => now,
    random: (bytes: number) => new Uint8Array(bytes),
    log: silentLog,
    updateFeeds: async () => {
      if (upstream === null) return { feeds: [], revision: null };
      replaceDatabase(vulndb, upstream.file);
      return { feeds: [{ feed: "kev", status: "updated", documents: [] }], revision: upstream.revision };
    },
  } as unknown as Services;
  await startWorkers(services, { beatMs: 100, graceMs: 500 });
  if (when === "at") dieAt(sql as FaultPoint, nth);
  else dieOf({ sql, nth, when });
  process.stdout.write("ready\n");
}

function dieAt(point: FaultPoint, nth: number): void {
  let seen = 0;
  onFault((reached) => {
    if (reached === point && ++seen === nth) process.kill(process.pid, "SIGKILL");
  });
}

function dieOf({ sql, nth, when }: Pick<Dying, "sql" | "nth" | "when">): void {
  const query = Client.prototype.query as (...args: unknown[]) => unknown;
  const die = () => process.kill(process.pid, "SIGKILL");
  let seen = 0;
  Client.prototype.query = function (this: Client, ...args: unknown[]) {
    const [first] = args;
    const text = typeof first === "string" ? first : ((first as { text?: string } | undefined)?.text ?? "");
    if (!text.includes(sql) || ++seen !== nth) return query.apply(this, args);
    if (when === "before") die();
    const last = args.at(-1);
    if (typeof last !== "function") return (query.apply(this, args) as Promise<unknown>).then(die);
    return query.apply(this, [...args.slice(0, -1), die]);
  } as typeof Client.prototype.query;
}

if (process.argv[1] === import.meta.filename) await live(JSON.parse(process.argv[2] ?? "{}") as Dying);
