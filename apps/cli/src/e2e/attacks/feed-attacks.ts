import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipOf, repositoryRoot, tarOf, zipOf, zipOfFiles } from "@plimsoll/testkit";

/** A file that lies among the feeds. */
export interface FeedAttack {
  readonly name: string;
  readonly file: string;
  readonly make: () => Buffer;
  /** Words of what is said about it; without: it is passed over as no feed at all, or read like any other. */
  readonly says?: RegExp;
}

const feedFile = (feed: string, file: string): string =>
  readFileSync(join(repositoryRoot, "packages", "vulndb", "src", "feeds", feed, "testdata", file), "utf8");

/** An advisory as GitHub publishes it: what stands beside the attack and must be in the database. */
export const goodFeed = (): string => feedFile("ghsa", "range.json");

const blanks = (megabytes: number): Buffer => Buffer.alloc(megabytes * 2 ** 20, 0x20);
const cveRecord = '{"dataType":"CVE_RECORD","cveMetadata":{"cveId":"CVE-2024-0001"},"containers":{}';

/** Documents and archives that feeds could send. */
export const feedAttacks: readonly FeedAttack[] = [
  {
    name: "a document of 3 GB from 3 MB",
    file: "bomb.json.gz",
    make: () => members(gzipOf(cveRecord), 48),
    says: /too large|larger than|times its size/,
  },
  {
    name: "a document of 100 MB in a zip",
    file: "large.zip",
    make: () => zipOfFiles({ "large.json": Buffer.concat([Buffer.from(cveRecord), blanks(100)]) }),
    says: /larger than/,
  },
  {
    name: "a zip of overlapping records",
    file: "overlap.zip",
    make: overlapping,
    says: /overlap/,
  },
  {
    name: "a zip that ends early",
    file: "cut.zip",
    make: () => zipOfFiles({ "a.json": "{}" }).subarray(0, 60),
    says: /no directory|cut/,
  },
  {
    name: "names that leave the archive",
    file: "names.tar",
    make: () => tarOf([{ path: "../../../tmp/plimsoll-owned.json", body: goodFeed() }]),
    says: /plain path|name/,
  },
  {
    name: "a document nested 200,000 deep",
    file: "deep.json",
    make: () => Buffer.from(cveRecord.replace("{}", '{"a":'.repeat(200_000))),
    says: /CVE_RECORD|JSON|read/,
  },
  {
    name: "an OVAL document with a billion laughs",
    file: "laughs.xml",
    make: laughs,
    says: /entit|document type|read/,
  },
  { name: "a YAML advisory whose aliases multiply", file: "aliases.yml", make: aliases, says: /alias|read/i },
  {
    name: "names of control characters",
    file: "names.json",
    make: () => Buffer.from(goodFeed().replace(/"id":\s*"[^"]*"/, '"id": "GHSA-\\u001b[31m\\u202e"')),
  },
  {
    name: "a million records that are none",
    file: "many.json",
    make: () => Buffer.from(`${cveRecord}}\n`.repeat(200_000)),
    says: /read|JSON/,
  },
];

function members(first: Buffer, count: number): Buffer {
  const member = gzipOf(blanks(64), 9);
  return Buffer.concat([first, ...Array.from({ length: count }, () => member)]);
}

/** Two thousand records that all lead to the same 10 MB. */
function overlapping(): Buffer {
  const body = Buffer.concat([Buffer.from(cveRecord), blanks(10)]);
  const packed = zipOf([{ path: "0.json", body }]);
  const compressed = packed.readUInt32LE(18);
  const entries = Array.from({ length: 1999 }, (_, index) => ({
    path: `${index + 1}.json`,
    body: "",
    size: body.length,
    compressedSize: compressed,
    methodNumber: 8,
    localOffset: 0,
  }));
  return zipOf([{ path: "0.json", body }, ...entries]);
}

function laughs(): Buffer {
  const entities = Array.from({ length: 20 }, (_, index) => `<!ENTITY a${index + 1} "${`&a${index};`.repeat(10)}">`);
  const oval = feedFile("debian-oval", "bookworm.xml").replace(/^<\?xml[^>]*>\s*/, "");
  return Buffer.from(
    `<?xml version="1.0"?>\n<!DOCTYPE o [<!ENTITY a0 "ha">${entities.join("")}]>\n${oval.replace("<title>", "<title>&a20;")}`,
  );
}

function aliases(): Buffer {
  const lines = Array.from({ length: 30 }, (_, index) => `a${index + 1}: &a${index + 1} [${`*a${index},`.repeat(9)}]`);
  return Buffer.from(
    `a0: &a0 [x]\n${lines.join("\n")}\n${feedFile("rubysec", "CVE-2024-11111.yml").replace(/^---\n/, "")}`,
  );
}
