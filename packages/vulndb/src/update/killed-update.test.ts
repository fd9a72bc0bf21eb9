import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createHttpClient } from "@plimsoll/kit";
import { expect, it } from "vitest";
import type { Feed } from "../feed.ts";
import { kev } from "../feeds/kev/feed.ts";
import { updateFeeds } from "./update-feeds.ts";

const filler = " ".repeat(400_000);
const data = `{"catalogVersion":"1","vulnerabilities":[{"knownRansomwareCampaignUse":"Known"}]${filler}}`;

/** The child's program: one update of one document, from the address and into the folder of its arguments. */
const program = `
  const [url, dir, updateModule, kevModule, kitModule] = process.argv.slice(1);
  const { updateFeeds } = await import(updateModule);
  const { kev } = await import(kevModule);
  const { createHttpClient } = await import(kitModule);
  const feed = { ...kev, upstream: async () => [{ url, file: "kev.json", ecosystems: [] }] };
  await updateFeeds({ http: createHttpClient({ userAgent: "x" }), dir, now: Date.now, wanted: [], feeds: [feed],
    onProgress: ({ bytes }) => { if (bytes > 100000) console.log("half"); } });
`;

it("an update killed in the middle leaves nothing half, and the next goes on where it stopped", {
  timeout: 30_000,
}, async () => {
  const ranges: (string | undefined)[] = [];
  let isSlow = true;
  const server = createServer((request, response) => {
    ranges.push(request.headers.range);
    const from = Number(/^bytes=(\d+)-/.exec(request.headers.range ?? "")?.[1] ?? 0);
    const range = from > 0 ? { "content-range": `bytes ${from}-${data.length - 1}/${data.length}` } : {};
    response.writeHead(from > 0 ? 206 : 200, { etag: '"one"', "content-length": data.length - from, ...range });
    if (isSlow) response.write(data.slice(0, 200_000));
    else response.end(data.slice(from));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/kev.json`;
  const dir = await mkdtemp(join(tmpdir(), "plimsoll-killed-"));
  try {
    const modules = [
      join(import.meta.dirname, "update-feeds.ts"),
      join(import.meta.dirname, "../feeds/kev/feed.ts"),
      import.meta.resolve("@plimsoll/kit"),
    ];
    const child = spawn(process.execPath, ["--input-type=module", "-e", program, url, dir, ...modules]);
    await once(child.stdout, "data");
    child.kill("SIGKILL");
    await once(child, "exit");
    expect((await readdir(join(dir, "kev"))).sort()).toEqual([".kev.json.part", ".kev.json.part.json"]);

    isSlow = false;
    const feed: Feed = { ...kev, upstream: async () => [{ url, file: "kev.json", ecosystems: [] }] };
    using http = createHttpClient({ userAgent: "x" });
    const report = await updateFeeds({ http, dir, now: Date.now, wanted: [], feeds: [feed], lockWaitMs: 0 });
    expect(report.feeds).toMatchObject([{ status: "updated" }]);
    expect(ranges).toEqual([undefined, expect.stringMatching(/^bytes=[1-9]\d{4,}-$/)]);
    expect(await readFile(join(dir, "kev", "kev.json"), "utf8")).toBe(data);
    expect((await readdir(dir, { recursive: true })).sort()).toEqual([".update-state.json", "kev", "kev/kev.json"]);
  } finally {
    server.closeAllConnections();
    server.close();
    await rm(dir, { recursive: true });
  }
});
