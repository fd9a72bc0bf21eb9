import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipOf, tarOfFiles, zipOf } from "@plimsoll/testkit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Upstream } from "../feed.ts";
import { feeds } from "../feeds.ts";
import { type RecordedUpstream, recordedUpstream } from "../testing/recorded-upstream.ts";
import { updateFeeds } from "./update-feeds.ts";
import { wantedKeys } from "./wanted.ts";

const padding = " ".repeat(4_000);
const zip = zipOf([{ path: "CVE-2024-0001.json", body: `{"id":"GHSA-aaaa-bbbb-cccc"}${padding}`, method: "store" }]);

const bzip2 = Buffer.concat([Buffer.from(`BZh9${padding}`), Buffer.from("17724538509000000000", "hex")]);

/** What names the documents of fetchers that ask upstream for an index: path → answer. */
const indexes: Readonly<Record<string, string>> = {
  "/cdn.amazonlinux.com/2/core/latest/x86_64/mirror.list": "https://cdn.amazonlinux.com/2/core/2.0/x86_64/0123\n",
  "/cdn.amazonlinux.com/2/core/2.0/x86_64/0123/repodata/repomd.xml":
    '<repomd><data type="updateinfo"><location href="repodata/updateinfo.xml.gz"/></data></repomd>',
};

/** What each fetcher's upstream serves: the smallest document its feed takes for its own. A new fetcher adds its line. */
const documents: Readonly<Record<string, string | Uint8Array>> = {
  ghsa: zip,
  "go-vulndb": zip,
  "almalinux-osv": zip,
  "alpine-secdb": `{"distroversion":"v3.18","reponame":"main",${padding}"packages":[]}`,
  "debian-tracker": `{"curl":{"CVE-2024-0001":{"releases":{"bookworm":{"status":"open","repositories":{}${padding}}}}}}`,
  "ubuntu-oval": bzip2,
  "wolfi-advisories": `{"urlprefix":"https://packages.wolfi.dev",${padding}"packages":[]}`,
  friendsofphp: gzipOf(tarOfFiles({ "rack/CVE-2024-0001.yaml": `branches:\n${padding}` }), 0),
  "rocky-errata": zip,
  "redhat-oval": bzip2,
  "oracle-oval": bzip2,
  "suse-oval": gzipOf(`<oval_definitions>${padding}Marcus Updateinfo to OVAL Converter</oval_definitions>`, 0),
  "azurelinux-oval": `<oval_definitions>${padding}Azure Linux OVAL Definition Generator</oval_definitions>`,
  "photon-cve": `[{"cve_id":"CVE-2024-0001",${padding}"aff_ver":"NA","res_ver":"NA"}]`,
  "amazon-alas": gzipOf(`<updates>${padding}<update><id>ALAS2-2024-1</id></update></updates>`, 0),
  rubysec: gzipOf(tarOfFiles({ "gems/rack/CVE-2024-0001.yml": `gem: rack\n${padding}` }), 0),
  "nvd-v2": gzipOf(`{"format":"NVD_CVE","timestamp":"2026-11-22T00:00:00.000",${padding}"vulnerabilities":[]}`, 0),
  "cve-record": zip,
  epss: gzipOf(`#score_date:2026-11-22${padding}\ncve,epss,percentile\n`, 0),
  kev: `{"catalogVersion":"1",${padding}"vulnerabilities":[{"knownRansomwareCampaignUse":"Known"}]}`,
  metasploit: `{"exploit_a/b":{"fullname":"exploit/a/b",${padding}"references":[],"path":"/modules/a.rb"}}`,
};

const now = Date.parse("2026-11-22T06:00:00Z");
const wanted = ["npm", "golang", "gem", "alpine:3.18", "debian:12", "ubuntu:22.04", "almalinux:9"].concat([
  "rocky:9",
  "rhel:9",
  "amzn:2",
  "ol:9",
  "sles:15.5",
  "azurelinux:3",
  "photon:5",
  "wolfi:rolling",
  "composer",
]);
const fetchers = feeds.filter((feed) => feed.upstream !== undefined);

let server: RecordedUpstream;
let dir: string;
beforeEach(async () => {
  server = await recordedUpstream();
  for (const [path, body] of Object.entries(indexes)) server.serve(path, { body });
  dir = await mkdtemp(join(tmpdir(), "plimsoll-fetchers-"));
});
afterEach(async () => {
  await server[Symbol.asyncDispose]();
  await rm(dir, { recursive: true });
});

const pathOf = ({ url }: Upstream): string => url.replace(/^https:\//, "");

describe.each(fetchers.map((feed) => ({ feed, id: feed.id })))(
  "fetching $id from a recorded upstream",
  ({ feed, id }) => {
    const body = documents[id] ?? "";
    const list = async () => (await feed.upstream?.(server.http, wanted, now)) ?? [];
    const update = async () => {
      const { feeds: reports } = await updateFeeds({
        http: server.http,
        dir,
        now: () => now,
        wanted,
        feeds: [feed],
        parallel: 1,
      });
      return [...new Set(reports.flatMap((report) => report.documents.map((document) => document.status)))];
    };
    const serve = async (
      ...answers: Parameters<RecordedUpstream["serve"]> extends [string, ...infer Rest] ? Rest : never
    ) => {
      for (const upstream of await list()) server.serve(pathOf(upstream), ...answers);
    };
    const onDisk = async () => {
      const [first] = await list();
      return readFile(join(dir, id, first?.file ?? ""));
    };

    it("names documents over https, each with a plain name of its own", async () => {
      const upstreams = await list();
      expect(upstreams.length).toBeGreaterThan(0);
      for (const { url, file } of upstreams)
        expect({ url, file }).toEqual({
          url: expect.stringMatching(/^https:\/\//),
          file: expect.stringMatching(/^[\w.+-]+$/),
        });
      expect(new Set(upstreams.map(({ file }) => file)).size).toBe(upstreams.length);
      expect(documents, "a line for this fetcher in `documents`").toHaveProperty([id]);
    });

    it("200, then 304", async () => {
      await serve({ body });
      expect(await update()).toEqual(["updated"]);
      expect((await onDisk()).equals(Buffer.from(body))).toBe(true);
      expect(await update()).toEqual(["unchanged"]);
    });

    it("429 first, half a body next, then the rest", async () => {
      await serve({ status: 429, headers: { "retry-after": "1" } }, { body, cutAt: 3_000 }, { body });
      expect(await update()).toEqual(["updated"]);
      expect(server.slept).toContain(1_000);
      expect(server.seen.some(({ headers }) => headers.range !== undefined)).toBe(true);
      expect((await onDisk()).equals(Buffer.from(body))).toBe(true);
    });

    it("another schema or a login page never replaces the copy", async () => {
      await serve({ body });
      await update();
      await rm(join(dir, ".update-state.json"));
      for (const strange of ['{"message":"moved to version 3"}', "<!DOCTYPE html><html></html>"]) {
        await serve({ body: strange });
        expect(await update()).toEqual(["kept-old"]);
        expect((await onDisk()).equals(Buffer.from(body))).toBe(true);
      }
    });

    it("what was cut short on upstream's own disk never replaces the copy", async () => {
      await serve({ body });
      await update();
      await rm(join(dir, ".update-state.json"));
      await serve({ body: Buffer.from(body).subarray(0, 3) });
      expect(await update()).toEqual(["kept-old"]);
    });
  },
);

describe("what is fetched", () => {
  it("asks only the feeds of the target", async () => {
    const asked = await Promise.all(
      fetchers.map(async (feed) => {
        const upstreams = (await feed.upstream?.(server.http, ["alpine:3.18", "npm"], now)) ?? [];
        return upstreams.map(({ ecosystems, file }) => `${feed.id} ${ecosystems.join()} ${file}`);
      }),
    );
    const advisories = asked.flat().filter((line) => !/^(nvd-v2|cve-record|epss|kev|metasploit) /.test(line));
    expect(advisories).toEqual([
      "ghsa npm osv-npm.zip",
      "alpine-secdb alpine:3.18 alpine-3.18-main.json",
      "alpine-secdb alpine:3.18 alpine-3.18-community.json",
    ]);
  });

  it("all means every language and the releases in use", () => {
    expect(wantedKeys("all")).toEqual(
      expect.arrayContaining(["npm", "pypi", "alpine:3.20", "alpine:edge", "debian:12", "almalinux:9"]),
    );
    expect(wantedKeys(["b", "a", "b"])).toEqual(["a", "b"]);
  });

  it("asks NVD for every year, the new one's file may be late", async () => {
    const nvd = feeds.find(({ id }) => id === "nvd-v2");
    const documents = (await nvd?.upstream?.(server.http, [], now)) ?? [];
    expect(documents.map(({ file }) => file).at(0)).toBe("nvdcve-2.0-2002.json.gz");
    expect(documents.slice(-2)).toMatchObject([
      { file: "nvdcve-2.0-2026.json.gz", optional: true },
      { file: "nvdcve-2.0-modified.json.gz" },
    ]);
    expect(documents.filter(({ optional }) => optional)).toHaveLength(1);
  });
});
