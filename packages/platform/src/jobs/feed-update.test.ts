import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { createHttpClient, silentLog } from "@plimsoll/kit";
import { type Feed, feeds, openVulndb } from "@plimsoll/vulndb";
import { afterAll, beforeAll, expect, it } from "vitest";
import { feedUpdater } from "../knowledge/feed-updater.ts";
import { readFeedHealth } from "../store/jobs/feed-health.ts";
import type { JobView } from "../store/jobs/job-row.ts";
import { findJobs, readJob } from "../store/jobs/list.ts";
import type { Store } from "../store/open-store.ts";
import { servers } from "../testing/test-store.ts";
import { jobServices } from "../testing/test-workers.ts";
import { enqueue } from "./enqueue.ts";
import { feedUpdate } from "./feed-update.ts";
import { startWorkers } from "./start-workers.ts";

const stack = new AsyncDisposableStack();
let store: Store;
let folder: string;
let isUp = true;
let url: string;

const catalogue = {
  title: "t",
  catalogVersion: "2026.11.01",
  dateReleased: "2026-11-01T00:00:00Z",
  count: 1,
  vulnerabilities: [
    {
      cveID: "CVE-2026-1",
      vendorProject: "v",
      product: "p",
      vulnerabilityName: "n",
      dateAdded: "2026-10-01",
      shortDescription: "d",
      requiredAction: "a",
      dueDate: "2026-10-22",
      knownRansomwareCampaignUse: "Unknown",
      notes: "",
    },
  ],
};

beforeAll(async () => {
  folder = stack.adopt(mkdtempSync(join(tmpdir(), "plimsoll-feeds-")), (made) => rmSync(made, { recursive: true }));
  store = stack.use(await servers[0].open());
  const server = createServer((request, reply) => {
    if (isUp && request.url === "/kev.json") reply.end(JSON.stringify(catalogue));
    else reply.writeHead(404).end();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  stack.defer(() => void server.close());
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => stack.disposeAsync());

/** A real feed that is fetched from here. */
function feedHere(id: string, file: string): Feed {
  const feed = feeds.find((candidate) => candidate.id === id);
  if (feed === undefined) throw new Error(id);
  return { ...feed, upstream: async () => [{ url: `${url}/${file}`, file, ecosystems: [] }] };
}

async function update(key: string): Promise<JobView> {
  const database = join(folder, key, "vulndb.sqlite");
  using http = createHttpClient({ userAgent: "test" });
  const updateFeeds = feedUpdater({
    places: { feeds: join(folder, key, "feeds"), database },
    http,
    clock: Date.now,
    log: silentLog,
    wanted: "all",
    upstream: [feedHere("kev", "kev.json"), feedHere("epss", "epss.csv.gz")],
  });
  const job = { ...feedUpdate, retry: { attempts: 1, firstMs: 1, mostMs: 1 } };
  await using _workers = await startWorkers({ ...jobServices(store), updateFeeds }, { jobs: [job] });
  const id = await enqueue(store.pool, job, { payload: {}, priority: "manual", key, askedBy: "person:1" });
  for (;;) {
    const read = await readJob(store.pool, { team: null }, id);
    if (read !== null && read.endedAt !== null) return read;
    await wait(50);
  }
}

it("builds the database anew, writes down how each feed fared, and asks for the re-match", async () => {
  const done = await update("here");
  using base = openVulndb(join(folder, "here", "vulndb.sqlite"));
  const { revision } = base.status;
  expect(done).toMatchObject({ state: "done", summary: { feeds: 2, failed: 1, revision } });
  expect(await readFeedHealth(store.pool)).toMatchObject([
    { feed: "epss", status: "unavailable", succeededAt: null, error: expect.stringContaining("404") },
    { feed: "kev", status: "updated", succeededAt: expect.any(Date), error: null },
  ]);
  const wanted = { state: "queued", name: "rematch", after: null, most: 10 } as const;
  const asked = await findJobs(store.pool, { team: null }, wanted);
  expect(asked).toMatchObject([{ key: revision, askedBy: "person:1" }]);
});

it("tells when nothing can be fetched, and keeps when it last could", async () => {
  isUp = false;
  expect(await update("away")).toMatchObject({ state: "dead", error: { code: "FEEDS_UNREACHABLE" } });
  const [, kev] = await readFeedHealth(store.pool);
  expect(kev).toMatchObject({ feed: "kev", status: "unavailable", error: expect.stringContaining("404") });
  expect(kev?.succeededAt?.getTime()).toBeLessThan(kev?.triedAt.getTime() ?? 0);
});

it("is refused by a server whose database is kept by hand", async () => {
  await using _workers = await startWorkers(jobServices(store), { jobs: [feedUpdate] });
  const id = await enqueue(store.pool, feedUpdate, { payload: {}, priority: "manual", key: "off" });
  for (let left = 100; left > 0; left--) {
    if ((await readJob(store.pool, { team: null }, id))?.endedAt) break;
    await wait(50);
  }
  expect(await readJob(store.pool, { team: null }, id)).toMatchObject({
    state: "failed",
    error: { code: "UPDATES_OFF" },
  });
});
