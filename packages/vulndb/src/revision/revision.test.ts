import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createHttpClient, silentLog } from "@plimsoll/kit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { databaseOfDay, dayMs } from "../testing/small-databases.ts";
import { type InstallOptions, installRevision } from "./install.ts";
import { expiryProblems, readInstallNote } from "./install-note.ts";
import { installedRevision } from "./installed-revision.ts";
import { newKeyPair, readSigningKey, readTrust, type SigningKey } from "./keys.ts";
import { type PublishOptions, publishRevision } from "./publish.ts";
import { publishToTar } from "./publish-elsewhere.ts";
import { folderSource, httpSource, tarSource } from "./revision-source.ts";
import { serveRepository } from "./serve-repository.ts";

let folder = "";
let key: SigningKey;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "plimsoll-revision-"));
  key = newKey("harbour");
});
afterEach(() => rmSync(folder, { recursive: true }));

function newKey(name: string): SigningKey {
  const { privatePem, publicPem } = newKeyPair();
  writeFileSync(join(folder, `${name}.key`), privatePem);
  writeFileSync(join(folder, `${name}.pub`), publicPem);
  return readSigningKey(join(folder, `${name}.key`));
}

const repository = () => join(folder, "repository");
const installed = () => join(folder, "site", "vulndb.sqlite");

async function publish(day: number, more: Partial<PublishOptions> = {}) {
  const database = await databaseOfDay(folder, day, 300 + day);
  const options = { database, keys: [key], now: () => dayMs(day), expiresInDays: 7, keepDeltas: 3, level: 3, ...more };
  return publishRevision({ folder: repository(), ...options });
}

function install(day: number, more: Partial<InstallOptions> = {}, from = folderSource(repository())) {
  const trust = readTrust([join(folder, "harbour.pub")]);
  return installRevision(from, { path: installed(), trust, now: () => dayMs(day), ...more });
}

describe("a repository", () => {
  it("keeps the newest database, the one before and the last deltas, and says so", async () => {
    for (const day of [1, 2, 3, 4, 5, 6]) await publish(day);
    const names = ["01", "02", "03", "04", "05", "06"].map((day) => `202601${day}000000`);
    expect(readdirSync(repository()).sort()).toEqual(
      [
        ...[2, 3, 4, 5].map((index) => `${names[index]}.json`),
        `${names[2]}.json`,
        `${names[2]}-${names[3]}.delta.zst`,
        `${names[3]}-${names[4]}.delta.zst`,
        `${names[4]}-${names[5]}.delta.zst`,
        `${names[4]}.sqlite.zst`,
        `${names[5]}.sqlite.zst`,
        "plimsoll-vulndb.json",
      ]
        .filter((name, index, all) => all.indexOf(name) === index)
        .sort(),
    );
  });

  it("renews the newest revision's term without new files, and refuses an older one", async () => {
    await publish(2);
    const before = readdirSync(repository());
    const renewed = await publish(2, { now: () => dayMs(5) });
    expect([renewed.status, renewed.revision.expiresAt]).toEqual(["renewed", "2026-01-12T00:00:00.000Z"]);
    expect(readdirSync(repository())).toEqual(before);
    await expect(publish(1)).rejects.toMatchObject({ code: "EXPORT_OLDER" });
  });

  it("says nothing again of what somebody else signed", async () => {
    await publish(1);
    const other = newKey("other");
    const { revision } = await publish(2, { keys: [other] });
    expect([revision.deltas, revision.previous?.revision]).toEqual([[], "20260101000000"]);
  });
});

describe("an import", () => {
  it("takes the whole first, deltas then, nothing when all is there; the bytes are those that were signed", async () => {
    await publish(1);
    expect(await install(1)).toMatchObject({ status: "installed", by: "full" });
    for (const day of [2, 3, 4]) await publish(day);
    const report = await install(4);
    expect(report).toMatchObject({ status: "installed", by: "deltas", deltaFault: null });
    expect(report.fetchedBytes).toBeLessThan(report.revision.full.bytes);
    expect(await install(5)).toMatchObject({ status: "current", by: "nothing", fetchedBytes: 0 });
    const fresh = join(folder, "fresh", "vulndb.sqlite");
    await install(5, { path: fresh });
    expect(readFileSync(fresh).equals(readFileSync(installed()))).toBe(true);
    expect(readdirSync(join(folder, "site")).sort()).toEqual(["vulndb.sqlite", "vulndb.sqlite.origin.json"]);
    expect(readInstallNote(installed())).toMatchObject({ revision: "20260104000000", signedBy: [key.id] });
  });

  it("takes the whole when a delta is damaged, and says why", async () => {
    await publish(1);
    await install(1);
    await publish(2);
    writeFileSync(join(repository(), "20260101000000-20260102000000.delta.zst"), "nothing of that kind");
    const report = await install(2);
    expect([report.by, report.deltaFault]).toEqual(["full", expect.stringContaining("only 20 of")]);
    expect(installedRevision(installed())).toBe("20260102000000");
  });

  it("comes by tar, which is extended, by our server, and by one that knows no ranges", async () => {
    await publish(1);
    const tar = join(folder, "vulndb.tar");
    const options = { keys: [key], expiresInDays: 7, keepDeltas: 3, level: 3 };
    for (const day of [1, 2]) {
      const database = await databaseOfDay(folder, day, 300 + day);
      await publishToTar(tar, { ...options, database, now: () => dayMs(day) });
      await using source = await tarSource(tar);
      const by = day === 1 ? "full" : "deltas";
      expect(await install(day, {}, source)).toMatchObject({ status: "installed", by });
    }
    await using server = await serve(serveRepository(repository(), silentLog));
    using http = createHttpClient({ userAgent: "test" });
    const path = join(folder, "by-http", "vulndb.sqlite");
    expect(await install(2, { path }, httpSource(`${server.url}/some/path/`, http))).toMatchObject({ by: "full" });
  });

  it("goes on where a connection broke", async () => {
    await publish(1);
    let breaks = 2;
    const answer = serveRepository(repository(), silentLog);
    await using server = await serve((request, response) => {
      if (request.url?.endsWith(".zst") && breaks-- > 0) setTimeout(() => response.destroy(), 30);
      answer(request, response);
    });
    using http = createHttpClient({ userAgent: "test" });
    expect(await install(1, {}, httpSource(server.url, http))).toMatchObject({ status: "installed" });
  });

  it("knows several keys, for those who change theirs, and refuses a retired one by name", async () => {
    const next = newKey("next");
    await publish(1, { keys: [key, next] });
    const trust = readTrust([join(folder, "next.pub")]);
    expect((await install(1, { trust })).note.signedBy).toEqual([next.id]);
    const keys = join(folder, "db-keys");
    mkdirSync(keys);
    writeFileSync(join(keys, "harbour.retired"), readFileSync(join(folder, "harbour.pub")));
    writeFileSync(join(keys, "next.pub"), readFileSync(join(folder, "next.pub")));
    await publish(2, { keys: [key] });
    await expect(install(2, { trust: readTrust([keys]) })).rejects.toMatchObject({ code: "KEY_RETIRED" });
    await expect(install(2, { trust: readTrust([]) })).rejects.toMatchObject({ code: "KEY_UNKNOWN" });
  });

  it("takes unsigned databases only when that was asked for", async () => {
    await publish(1, { keys: [] });
    await expect(install(1)).rejects.toMatchObject({ code: "REVISION_UNSIGNED", exit: 3 });
    expect(existsSync(installed())).toBe(false);
    expect((await install(1, { allowUnsigned: true })).note.signedBy).toEqual([]);
  });

  it("is told to be stale once its term is over", async () => {
    await publish(1);
    const { note } = await install(1);
    expect(expiryProblems(note, dayMs(7))).toEqual([]);
    expect(expiryProblems(note, dayMs(8))).toMatchObject([{ level: "warning", code: "knowledge-expired" }]);
  });

  it("stops when it is told to, and leaves nothing", async () => {
    await publish(1);
    const stop = AbortSignal.abort(new Error("stop"));
    await expect(install(1, { signal: stop })).rejects.toThrow("stop");
    expect(readdirSync(join(folder, "site"))).toEqual([]);
  });
});

async function serve(listener: Parameters<typeof createServer>[1]) {
  const server = createServer(listener ?? (() => undefined));
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}
