import type { Feed } from "../../../packages/vulndb/src/feed.ts";
import { feeds } from "../../../packages/vulndb/src/feeds.ts";
import { memoryFile } from "../../../packages/vulndb/src/records/memory-file.ts";
import type { FeedItem } from "../../../packages/vulndb/src/records/read-each.ts";
import { mutateBytes } from "../mutate-bytes.ts";
import { mutateJson } from "../mutate-json.ts";
import { mutateLines } from "../mutate-lines.ts";
import { mutateXml } from "../mutate-xml.ts";
import { printable, promise, sizeOf } from "../promises.ts";
import { bytesOf, ownFiles, sharedFiles } from "../seeds.ts";
import type { FuzzTarget, Mutator, Outcome } from "../target.ts";

/** Feeds whose documents one parser of ours reads share its minutes. */
const families: readonly (readonly [scope: string, members: readonly string[]])[] = [
  ["packages/vulndb/src/osv/", ["ghsa", "go-vulndb", "osv-malicious", "drupal-osv", "almalinux-osv", "pypa"]],
  [
    "packages/vulndb/src/oval/",
    ["debian-oval", "ubuntu-oval", "redhat-oval", "oracle-oval", "suse-oval", "azurelinux-oval", "photon-oval"],
  ],
  ["packages/vulndb/src/secdb/", ["alpine-secdb", "wolfi-advisories"]],
  ["packages/vulndb/src/csaf/", ["redhat-csaf", "suse-csaf"]],
];

/** Real archives beyond the samples of all kinds. */
const archivesOf: Readonly<Record<string, readonly string[]>> = {
  ghsa: ["ghsa-npm-2025-02-18.tar.zst", "ghsa-maven-2025-02-14.tar.zst"],
  "go-vulndb": ["golang-vulndb-osv.tar.zst"],
  pypa: ["pypa-advisory-database.tar.zst"],
  rustsec: ["rustsec-advisory-db.tar.zst"],
  rubysec: ["rubysec-advisory-db.tar.zst"],
  friendsofphp: ["friendsofphp-security-advisories.tar.zst"],
  "osv-malicious": ["osv-npm-malicious-2025-02-18.tar.zst"],
  "drupal-osv": ["drupal-advisories-osv.tar.zst"],
  "almalinux-osv": ["almalinux-osv.tar.zst"],
  "alpine-secdb": ["alpine-secdb-json-2024-12-31.tar.zst"],
  "wolfi-advisories": ["wolfi-advisories-apache-2025-05.tar.zst"],
  "rocky-errata": ["rocky-errata-2025-01-24.tar.zst"],
  "amazon-alas": ["amazon-alas-2025-02-14.tar.zst"],
  "redhat-csaf": ["redhat-csaf-vex-subset.tar.zst"],
  "redhat-cve-api": ["redhat-cve-api-2024-10-10.tar.zst"],
  "suse-csaf": ["suse-csaf-sample-2025-01-20.tar.zst"],
  "cve-record": ["cisa-vulnrichment-2024-10-24.tar.zst"],
  metasploit: ["metasploit-cve-list.tar.zst"],
  kev: ["cisa-kev.tar.zst"],
};
const samples = [
  "samples-all-feeds-vuls-data-update.tar.zst",
  "samples-vunnel-providers.tar.zst",
  "samples-claircore.tar.zst",
];

function feedTarget(feed: Feed): FuzzTarget {
  const own = `packages/vulndb/src/feeds/${feed.id}/`;
  const family = families.find(([, members]) => members.includes(feed.id));
  const files = ownFiles(`${own}testdata/*`).filter(({ path }) => !/README|golden/.test(path));
  const extension = /\.\w+$/.exec(files[0]?.path ?? "")?.[0] ?? ".json";
  const recognised = ({ path, bytes }: { path: string; bytes: Buffer }): boolean =>
    feed.recognises({ path, head: bytes.toString("utf8", 0, 65_536) });
  return {
    name: `feed-${feed.id}`,
    scope: [own, ...(family === undefined ? [] : [family[0]])],
    mutators: mutatorsFor(extension),
    share: family === undefined ? 1 : Math.max(0.2, 1 / family[1].length),
    seeds: async () => [
      ...bytesOf(files),
      ...bytesOf(
        await sharedFiles({
          archives: [...(archivesOf[feed.id] ?? []), ...samples].map((name) => `feeds/${name}`),
          wants: recognised,
        }),
      ),
    ],
    run: (input) => readAll(feed, input, pathOf(input, extension)),
  };
}

function mutatorsFor(extension: string): readonly [Mutator, ...Mutator[]] {
  if (extension === ".json") return [mutateJson, mutateJson, mutateBytes];
  return extension === ".xml" ? [mutateXml, mutateXml, mutateBytes] : [mutateLines, mutateLines, mutateBytes];
}

/** Some feeds come in two formats, told apart by the name. */
function pathOf(input: Buffer, extension: string): string {
  const first = input.toString("latin1", 0, 100).trimStart()[0];
  const kind = first === "<" ? ".xml" : first === "{" || first === "[" ? ".json" : extension;
  return `photon5.0/CVE-2024-0001${kind}`;
}

async function readAll(feed: Feed, input: Buffer, path: string): Promise<Outcome> {
  const items: FeedItem[] = [];
  for await (const item of feed.parse(memoryFile(path, input, 1 + (input.length % 4096)))) items.push(item);
  feed.recognises({ path, head: input.toString("utf8", 0, 65_536) });
  let problems = 0;
  for (const item of items) problems += soundItem(feed, item) ? 0 : 1;
  promise(problems <= 60, `${problems} Problems`);
  const kinds = new Set(items.map((item) => ("kind" in item ? item.kind : item.code)));
  return { shape: `${sizeOf(items.length)} ${[...kinds].sort().join(" ")}`, value: items };
}

/** Whether it is a fact; a Problem is not. */
function soundItem(feed: Feed, item: FeedItem): boolean {
  if (!("kind" in item)) {
    printable(item.message);
    promise(item.feed === feed.id, "a Problem of no feed");
    return false;
  }
  if (item.kind === "dated") promise(!Number.isNaN(Date.parse(item.date)), `a date: ${item.date}`);
  else {
    const id = "vulnerability" in item ? item.vulnerability : item.id;
    promise(/^[A-Za-z][\x20-\x7e]{0,200}$/u.test(id), `an id: ${JSON.stringify(id)}`);
  }
  return true;
}

/** One target for each feed. */
export const feedTargets: readonly FuzzTarget[] = feeds.map(feedTarget);
