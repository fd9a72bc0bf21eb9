import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { createHttpClient } from "@plimsoll/kit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Feed, Upstream } from "../feed.ts";
import { epss } from "../feeds/epss/feed.ts";
import { kev } from "../feeds/kev/feed.ts";
import { readFeeds } from "../read/read-feeds.ts";
import { type RecordedUpstream, recordedUpstream } from "./recorded-upstream.ts";
import { type UpdateOptions, updateFeeds } from "./update-feeds.ts";

const kevPath = "/www.cisa.gov/sites/default/files/feeds/known_exploited_vulnerabilities.json";
const kevFile = "kev/known_exploited_vulnerabilities.json";
const catalogue = (date: string, entries = 200): string =>
  JSON.stringify({
    catalogVersion: date,
    dateReleased: `${date}T00:00:00Z`,
    vulnerabilities: Array.from({ length: entries }, (_, index) => ({
      cveID: `CVE-2024-${10_000 + index}`,
      dateAdded: "2024-01-01",
      dueDate: "2024-01-22",
      knownRansomwareCampaignUse: "Unknown",
    })),
  });
const oldData = catalogue("2026-10-01");
const newData = catalogue("2026-11-22");
const monday = Date.parse("2026-11-23T06:00:00Z");
const days = (count: number): number => count * 86_400_000;

let upstream: RecordedUpstream;
let dir: string;

beforeEach(async () => {
  upstream = await recordedUpstream();
  dir = await mkdtemp(join(tmpdir(), "plimsoll-update-"));
});
afterEach(async () => {
  await upstream[Symbol.asyncDispose]();
  await rm(dir, { recursive: true });
});

const update = (options: Partial<UpdateOptions> = {}) =>
  updateFeeds({ http: upstream.http, dir, now: () => monday, wanted: [], feeds: [kev], ...options });
const onDisk = (file = kevFile): Promise<string> => readFile(join(dir, file), "utf8");
const leftovers = async (): Promise<string[]> => {
  const files = await readdir(dir, { recursive: true });
  return files.filter((file) => /part|new|lock|stale/.test(file)).sort();
};
const status = (report: Awaited<ReturnType<typeof update>>) =>
  report.feeds.map(({ feed, status }) => `${feed} ${status}`);

/** A first good update, ten days before monday. */
async function haveOldCopy(): Promise<void> {
  upstream.serve(kevPath, { body: oldData });
  await update({ now: () => monday - days(10) });
}

describe("updating feeds", () => {
  it("200: downloads, remembers and says so", async () => {
    upstream.serve(kevPath, { body: newData });
    const report = await update();
    expect(report).toMatchObject({ feeds: [{ feed: "kev", status: "updated" }], uncovered: [], problems: [] });
    expect(await onDisk()).toBe(newData);
    expect(JSON.parse(await onDisk(".update-state.json"))).toMatchObject({
      schema: 1,
      documents: {
        [kevFile]: { bytes: newData.length, etag: expect.any(String), checkedAt: "2026-11-23T06:00:00.000Z" },
      },
    });
    expect(await leftovers()).toEqual([]);
  });

  it("304: asks on condition and keeps the copy", async () => {
    await haveOldCopy();
    const report = await update();
    expect(status(report)).toEqual(["kev unchanged"]);
    expect(upstream.seen.at(-1)?.headers).toMatchObject({
      "if-none-match": expect.stringMatching(/^"/),
      "if-modified-since": "Sun, 22 Nov 2026 06:00:00 GMT",
      "accept-encoding": "identity",
    });
    expect(report.feeds[0]?.documents[0]).toMatchObject({ checkedAt: "2026-11-23T06:00:00.000Z" });
  });

  it("the same bytes under a new name tag are no change", async () => {
    await haveOldCopy();
    upstream.serve(kevPath, { body: oldData, validators: "none" });
    expect(status(await update())).toEqual(["kev unchanged"]);
  });

  it("429: waits as long as it is told, then goes on", async () => {
    upstream.serve(kevPath, { status: 429, headers: { "retry-after": "7" } }, { body: newData });
    expect(status(await update())).toEqual(["kev updated"]);
    expect(upstream.slept).toEqual([7_000]);
  });

  it.each([
    [
      "429 for good",
      { status: 429, headers: { "retry-after": "60" } },
      /too many requests \(429\), asked to come back after 60/,
    ],
    ["503 for good", { status: 503 }, /answered with status 503/],
    ["404", { status: 404 }, /not there any more/],
    ["403", { status: 403, body: "blocked" }, /answered with status 403/],
    ["an HTML page", { body: "<!DOCTYPE html><html><body>Log in</body></html>" }, /an HTML page came instead/],
    ["another schema", { body: '{"vulnerabilities":{"CVE-2024-0001":{}}}' }, /another schema/],
    ["JSON cut short by upstream itself", { body: newData.slice(0, 900) }, /ends early/],
    ["nothing", { body: "" }, /empty/],
    ["a redirect to nowhere", { status: 302, headers: { location: "ftp://example.com/" } }, /not followed/],
  ])("%s: keeps the last good copy and tells its age", async (_, answer, reason) => {
    await haveOldCopy();
    upstream.serve(kevPath, answer);
    const report = await update();
    expect(status(report)).toEqual(["kev kept-old"]);
    expect(report.problems).toEqual([
      {
        level: "warning",
        code: "feed-kept-old",
        feed: "kev",
        path: "known_exploited_vulnerabilities.json",
        message: expect.stringMatching(/the copy in use was current on 2026-11-13, 10 days ago/),
        next: expect.any(String),
      },
    ]);
    expect(report.problems[0]?.message).toMatch(reason);
    expect(await onDisk()).toBe(oldData);
    expect(await leftovers()).toEqual([]);

    await rm(join(dir, kevFile));
    const without = await update();
    expect(status(without)).toEqual(["kev unavailable"]);
    expect(without.problems).toMatchObject([
      { level: "warning", code: "feed-unavailable", message: expect.stringMatching(reason) },
    ]);
    expect(await readdir(join(dir, "kev"))).toEqual([]);
  });

  it("a redirect is followed", async () => {
    upstream.serve(kevPath, { status: 302, headers: { location: "/elsewhere" } });
    upstream.serve("/elsewhere", { body: newData });
    expect(status(await update())).toEqual(["kev updated"]);
    expect(await onDisk()).toBe(newData);
  });

  describe("half a body", () => {
    const half = newData.length / 2;

    it.each(["strong", "weak"] as const)("is gone on with at once (%s validators)", async (validators) => {
      upstream.serve(kevPath, { body: newData, cutAt: half, validators }, { body: newData, validators });
      expect(status(await update())).toEqual(["kev updated"]);
      expect(upstream.seen[1]?.headers.range).toMatch(/^bytes=\d+-$/);
      expect(await onDisk()).toBe(newData);
      expect(await leftovers()).toEqual([]);
    });

    it("is kept for the next update, which goes on from it", async () => {
      await haveOldCopy();
      upstream.serve(kevPath, { body: newData, cutAt: half });
      const report = await update();
      expect(status(report)).toEqual(["kev kept-old"]);
      expect(report.problems[0]?.message).toMatch(/broke off.*bytes are kept to go on from/);
      expect(await onDisk()).toBe(oldData);
      expect(await leftovers()).toHaveLength(2);
      upstream.serve(kevPath, { body: newData });
      const asked = upstream.seen.length;
      expect(status(await update())).toEqual(["kev updated"]);
      expect(upstream.seen.slice(asked).map(({ headers }) => headers.range)).toEqual([
        expect.stringMatching(/^bytes=[1-9]/),
      ]);
      expect(await onDisk()).toBe(newData);
      expect(await leftovers()).toEqual([]);
    });

    it("is thrown away when upstream has changed meanwhile", async () => {
      upstream.serve(kevPath, { body: newData, cutAt: half });
      await update();
      const newer = catalogue("2026-11-23", 90);
      upstream.serve(kevPath, { body: newer });
      expect(status(await update())).toEqual(["kev updated"]);
      expect(await onDisk()).toBe(newer);
    });

    it("is thrown away when the range cannot be had", async () => {
      upstream.serve(kevPath, { body: newData, cutAt: half });
      await update();
      upstream.serve(kevPath, { status: 416 }, { body: newData });
      expect(status(await update())).toEqual(["kev updated"]);
      expect(upstream.seen.at(-1)?.headers.range).toBeUndefined();
    });

    it("is no use where upstream serves no ranges", async () => {
      upstream.serve(kevPath, { body: newData, cutAt: half, validators: "none" });
      expect(status(await update())).toEqual(["kev unavailable"]);
      expect(await leftovers()).toEqual([]);
    });
  });

  it.each([{ chunked: false }, { chunked: true }])(
    "too large (%j): stops, and leaves nothing behind",
    async ({ chunked }) => {
      await haveOldCopy();
      upstream.serve(kevPath, { body: catalogue("2026-11-22", 5_000), chunked });
      const report = await update({ limitBytes: 100_000 });
      expect(status(report)).toEqual(["kev kept-old"]);
      expect(report.problems[0]?.message).toMatch(/100000/);
      expect(await onDisk()).toBe(oldData);
      expect(await leftovers()).toEqual([]);
      const fits = catalogue("2026-11-22", 5);
      upstream.serve(kevPath, { body: fits, chunked });
      expect(status(await update({ limitBytes: fits.length - 1 }))).toEqual(["kev kept-old"]);
      expect(status(await update({ limitBytes: fits.length }))).toEqual(["kev updated"]);
    },
  );

  it("a gzip cut short by upstream itself is refused by its checksum", async () => {
    const path = "/epss.empiricalsecurity.com/epss_scores-current.csv.gz";
    const packed = gzipSync("#score_date:2026-11-22\ncve,epss,percentile\nCVE-2021-44228,0.9,0.9\n");
    upstream.serve(path, { body: packed.subarray(0, -6) }, { body: packed });
    expect((await update({ feeds: [epss] })).problems[0]?.message).toMatch(/unexpected end of file/);
    expect(status(await update({ feeds: [epss] }))).toEqual(["epss updated"]);
  });

  it("never trusts a 304 for a damaged copy, nor a damaged memory", async () => {
    await haveOldCopy();
    await writeFile(join(dir, kevFile), "damaged");
    expect(status(await update())).toEqual(["kev updated"]);
    expect(await onDisk()).toBe(oldData);
    await writeFile(join(dir, ".update-state.json"), '{"schema":1,"documents":{"kev');
    expect(status(await update())).toEqual(["kev updated"]);
  });

  it("without a network keeps everything and says how old it is", async () => {
    await haveOldCopy();
    using http = createHttpClient({ userAgent: "x", offline: true });
    const report = await update({ http });
    expect(status(report)).toEqual(["kev kept-old"]);
    expect(report.problems[0]?.message).toMatch(/no network is allowed here.*10 days ago/);
  });

  it("an aborted update throws the reason and gives the folder free", async () => {
    upstream.serve(kevPath, { body: newData });
    const signal = AbortSignal.abort(new Error("stopped by hand"));
    await expect(update({ signal })).rejects.toThrow("stopped by hand");
    expect(await leftovers()).toEqual([]);
  });

  it("leaves a folder that reads as feeds, our own files apart", async () => {
    upstream.serve(kevPath, { body: newData });
    await update();
    const items = [];
    for await (const item of readFeeds(dir)) items.push(item);
    expect(items).toHaveLength(201);
    expect(items.at(-1)).toMatchObject({ kind: "dated", feed: "kev", date: "2026-11-22T00:00:00Z" });
  });

  it("shows progress", async () => {
    upstream.serve(kevPath, { body: newData });
    const seen: number[] = [];
    await update({ onProgress: ({ bytes, totalBytes }) => seen.push(bytes / (totalBytes ?? 1)) });
    expect(seen.at(-1)).toBe(1);
  });
});

describe("what is wanted", () => {
  const feed = (upstreams: readonly Upstream[] | Error): Feed => ({
    ...kev,
    id: "made-up",
    provides: "advisories",
    upstream: async () => {
      if (upstreams instanceof Error) throw upstreams;
      return upstreams;
    },
  });
  const document = (file: string, more: Partial<Upstream> = {}): Upstream => ({
    url: `https://example.com/${file}`,
    file,
    ecosystems: ["npm"],
    ...more,
  });

  it("names the keys nothing is downloaded for", async () => {
    upstream.serve("/example.com/a.json", { body: newData });
    const report = await update({ wanted: ["npm", "amzn:2", "npm"], feeds: [feed([document("a.json")])] });
    expect(report).toMatchObject({ uncovered: ["amzn:2"], problems: [] });
  });

  it("an optional document may be absent, a missing one of advisories makes the answer incomplete", async () => {
    const feeds = [feed([document("a.json", { optional: true }), document("b.json")])];
    const report = await update({ feeds });
    expect(report.feeds).toMatchObject([
      { status: "unavailable", documents: [{ status: "absent" }, { status: "unavailable" }] },
    ]);
    expect(report.problems).toMatchObject([{ level: "incomplete", code: "feed-unavailable", path: "b.json" }]);
  });

  it("asks about a document only after its fresh days", async () => {
    upstream.serve("/example.com/a.json", { body: newData });
    const feeds = [feed([document("a.json", { freshDays: 6 })])];
    await update({ feeds });
    await update({ feeds, now: () => monday + days(5) });
    expect(upstream.seen).toHaveLength(1);
    await update({ feeds, now: () => monday + days(7) });
    expect(upstream.seen).toHaveLength(2);
  });

  it("an index that cannot be read leaves the copies of before", async () => {
    upstream.serve("/example.com/a.json", { body: newData });
    expect(status(await update({ feeds: [feed(new Error("no index"))] }))).toEqual(["made-up unavailable"]);
    await update({ feeds: [feed([document("a.json")])] });
    expect(status(await update({ feeds: [feed(new Error("no index"))] }))).toEqual(["made-up kept-old"]);
  });

  it.each(["../evil.json", ".hidden", "a/b.json", ""])("never writes to the name %j", async (file) => {
    expect((await update({ feeds: [feed([document(file)])] })).feeds).toEqual([]);
  });
});

describe("two updates of one folder", () => {
  const lock = (): string => join(dir, ".update.lock");
  const now = (): number => Date.now();

  it("take turns", async () => {
    upstream.serve(kevPath, { body: newData });
    const reports = await Promise.all([update({ now }), update({ now }), update({ now })]);
    expect(reports.flatMap(status).sort()).toEqual(["kev unchanged", "kev unchanged", "kev updated"]);
    expect(await leftovers()).toEqual([]);
  });

  it("the second gives up after its time, and says who is at it", async () => {
    await writeFile(lock(), JSON.stringify({ pid: process.pid, host: hostname() }));
    await expect(update({ now, lockWaitMs: 300 })).rejects.toMatchObject({
      code: "UPDATE_RUNNING",
      message: expect.stringContaining(`process ${process.pid} on ${hostname()}`),
    });
    expect(await readFile(lock(), "utf8")).toContain(String(process.pid));
  });

  it.each([
    ["whose process is gone", JSON.stringify({ pid: 2 ** 30, host: hostname() }), 0],
    ["of another machine that has long been silent", JSON.stringify({ pid: 1, host: "elsewhere" }), 3_600],
    ["that is empty and old", "", 3_600],
    ["that is nonsense and old", "{{{", 3_600],
  ])("take over a lock %s", async (_, text, ageSeconds) => {
    upstream.serve(kevPath, { body: newData });
    await writeFile(lock(), text);
    const then = Date.now() / 1000 - ageSeconds;
    await utimes(lock(), then, then);
    expect(status(await update({ now, lockWaitMs: 0 }))).toEqual(["kev updated"]);
    expect(await leftovers()).toEqual([]);
  });

  it("a folder that cannot be made is a user's error", async () => {
    await writeFile(join(dir, "file"), "");
    await expect(update({ dir: join(dir, "file", "below") })).rejects.toMatchObject({
      code: "UPDATE_UNWRITABLE",
      exit: 3,
    });
    await mkdir(join(dir, "kev"));
  });
});
