/** A worker process that scans images until somebody kills it: `node scanning-process.ts JSON`. Says `ready` when it takes jobs. */
import { randomBytes } from "node:crypto";
import { silentLog } from "@plimsoll/kit";
import { openStarter } from "@plimsoll/vulndb";
import { startWorkers } from "../jobs/start-workers.ts";
import { serverKnowledge } from "../knowledge/server-knowledge.ts";
import type { FetchSettings } from "../registry/fetch-settings.ts";
import { startSecrets } from "../secrets/start-secrets.ts";
import type { Services } from "../services/services.ts";
import { openStore } from "../store/open-store.ts";

/** What such a process is given. */
export interface Scanning {
  readonly url: string;
  /** Folder of the starter knowledge. */
  readonly starter: string;
  readonly keyFile: string;
  readonly fetching: FetchSettings;
}

async function live({ url, starter, keyFile, fetching }: Scanning): Promise<void> {
  const store = await openStore({ url });
  const knowledge = await serverKnowledge(store.pool, () => openStarter(starter), Date.now);
  const secrets = await startSecrets({ pool: store.pool, random: randomBytes, log: silentLog }, { ownFile: keyFile });
  const random = (bytes: number) => randomBytes(bytes);
  const services = {
    ...store,
    knowledge,
    secrets,
    fetching,
    clock: Date.now,
    random,
    log: silentLog,
  } as unknown as Services;
  await startWorkers(services, { slots: 1, beatMs: 100, graceMs: 500 });
  process.stdout.write("ready\n");
}

if (process.argv[1] === import.meta.filename) await live(JSON.parse(process.argv[2] ?? "{}") as Scanning);
