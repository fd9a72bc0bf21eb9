import { readdir, rm, writeFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import { createHttpClient } from "@plimsoll/kit";
import { describe, expect, it } from "vitest";
import { epss } from "../feeds/epss/feed.ts";
import { readFeeds } from "../read/read-feeds.ts";
import { catalogue, kevFile, kevPath, newData, oldData, statusOf, updateStage } from "../testing/update-stage.ts";

const stage = updateStage();
const { update, onDisk, leftovers, haveOldCopy } = stage;

describe("updating feeds", () => {
  it("200: downloads, remembers and says so", async () => {
    stage.serve(kevPath, { body: newData });
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
    expect(statusOf(report)).toEqual(["kev unchanged"]);
    expect(stage.upstream.seen.at(-1)?.headers).toMatchObject({
      "if-none-match": expect.stringMatching(/^"/),
      "if-modified-since": "Sun, 22 Nov 2026 06:00:00 GMT",
      "accept-encoding": "identity",
    });
    expect(report.feeds[0]?.documents[0]).toMatchObject({ checkedAt: "2026-11-23T06:00:00.000Z" });
  });

  it("the same bytes under a new name tag are no change", async () => {
    await haveOldCopy();
    stage.serve(kevPath, { body: oldData, validators: "none" });
    expect(statusOf(await update())).toEqual(["kev unchanged"]);
  });

  it("429: waits as long as it is told, then goes on", async () => {
    stage.serve(kevPath, { status: 429, headers: { "retry-after": "7" } }, { body: newData });
    expect(statusOf(await update())).toEqual(["kev updated"]);
    expect(stage.upstream.slept).toEqual([7_000]);
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
    stage.serve(kevPath, answer);
    const report = await update();
    expect(statusOf(report)).toEqual(["kev kept-old"]);
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

    await rm(stage.path(kevFile));
    const without = await update();
    expect(statusOf(without)).toEqual(["kev unavailable"]);
    expect(without.problems).toMatchObject([
      { level: "warning", code: "feed-unavailable", message: expect.stringMatching(reason) },
    ]);
    expect(await readdir(stage.path("kev"))).toEqual([]);
  });

  it("a redirect is followed", async () => {
    stage.serve(kevPath, { status: 302, headers: { location: "/elsewhere" } });
    stage.serve("/elsewhere", { body: newData });
    expect(statusOf(await update())).toEqual(["kev updated"]);
    expect(await onDisk()).toBe(newData);
  });

  it.each([{ chunked: false }, { chunked: true }])(
    "too large (%j): stops, and leaves nothing behind",
    async ({ chunked }) => {
      await haveOldCopy();
      stage.serve(kevPath, { body: catalogue("2026-11-22", 5_000), chunked });
      const report = await update({ limitBytes: 100_000 });
      expect(statusOf(report)).toEqual(["kev kept-old"]);
      expect(report.problems[0]?.message).toMatch(/100000/);
      expect(await onDisk()).toBe(oldData);
      expect(await leftovers()).toEqual([]);
      const fits = catalogue("2026-11-22", 5);
      stage.serve(kevPath, { body: fits, chunked });
      expect(statusOf(await update({ limitBytes: fits.length - 1 }))).toEqual(["kev kept-old"]);
      expect(statusOf(await update({ limitBytes: fits.length }))).toEqual(["kev updated"]);
    },
  );

  it("a gzip cut short by upstream itself is refused by its checksum", async () => {
    const path = "/epss.empiricalsecurity.com/epss_scores-current.csv.gz";
    const packed = gzipSync("#score_date:2026-11-22\ncve,epss,percentile\nCVE-2021-44228,0.9,0.9\n");
    stage.serve(path, { body: packed.subarray(0, -6) }, { body: packed });
    expect((await update({ feeds: [epss] })).problems[0]?.message).toMatch(/unexpected end of file/);
    expect(statusOf(await update({ feeds: [epss] }))).toEqual(["epss updated"]);
  });

  it("never trusts a 304 for a damaged copy, nor a damaged memory", async () => {
    await haveOldCopy();
    await writeFile(stage.path(kevFile), "damaged");
    expect(statusOf(await update())).toEqual(["kev updated"]);
    expect(await onDisk()).toBe(oldData);
    await writeFile(stage.path(".update-state.json"), '{"schema":1,"documents":{"kev');
    expect(statusOf(await update())).toEqual(["kev updated"]);
  });

  it("without a network keeps everything and says how old it is", async () => {
    await haveOldCopy();
    using http = createHttpClient({ userAgent: "x", offline: true });
    const report = await update({ http });
    expect(statusOf(report)).toEqual(["kev kept-old"]);
    expect(report.problems[0]?.message).toMatch(/no network is allowed here.*10 days ago/);
  });

  it("an aborted update throws the reason and gives the folder free", async () => {
    stage.serve(kevPath, { body: newData });
    const signal = AbortSignal.abort(new Error("stopped by hand"));
    await expect(update({ signal })).rejects.toThrow("stopped by hand");
    expect(await leftovers()).toEqual([]);
  });

  it("leaves a folder that reads as feeds, our own files apart", async () => {
    stage.serve(kevPath, { body: newData });
    await update();
    const items = [];
    for await (const item of readFeeds(stage.dir)) items.push(item);
    expect(items).toHaveLength(201);
    expect(items.at(-1)).toMatchObject({ kind: "dated", feed: "kev", date: "2026-11-22T00:00:00Z" });
  });

  it("shows progress", async () => {
    stage.serve(kevPath, { body: newData });
    const seen: number[] = [];
    await update({ onProgress: ({ bytes, totalBytes }) => seen.push(bytes / (totalBytes ?? 1)) });
    expect(seen.at(-1)).toBe(1);
  });
});
