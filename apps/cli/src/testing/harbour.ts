import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Advisory, FeedRecord } from "@plimsoll/model";
import { type ChildResult, type ChildRun, dockerArchiveOf, imageOf, runChild, type TarEntry } from "@plimsoll/testkit";
import { buildVulndb, type ReadItem } from "@plimsoll/vulndb";

/** Time of every document of these tests: 2026-01-05. */
const epoch = String(Date.parse("2026-01-05T00:00:00Z") / 1000);

/** Two saved images and a database that knows something about one of them, in a folder of their own. */
export interface Harbour {
  readonly folder: string;
  /** alpine 3.18 with a critical, fixable openssl in layer 0 and lodash in layer 1. */
  readonly vulnerable: string;
  /** alpine 3.18 with nothing known against it. */
  readonly clean: string;
  /** Folder for `--dbpath`. */
  readonly db: string;
  /** Runs the command line from source with that time, offline unless the arguments reach out. */
  run(args: readonly string[], more?: Partial<ChildRun>): Promise<ChildResult>;
  /** The same as the reference's scanner. */
  runAsReference(args: readonly string[], more?: Partial<ChildRun>): Promise<ChildResult>;
  close(): void;
}

/** Builds it; close it in `afterAll`. */
export async function openHarbour(): Promise<Harbour> {
  const folder = mkdtempSync(join(tmpdir(), "plimsoll-harbour-"));
  const paths = { vulnerable: join(folder, "vulnerable.tar"), clean: join(folder, "clean.tar") };
  writeFileSync(paths.vulnerable, archiveOf("shop/web:1.0", [alpineLayer(["openssl", "musl"]), lodashLayer]));
  writeFileSync(paths.clean, archiveOf("shop/clean:1.0", [alpineLayer(["musl"])]));
  const db = join(folder, "vulndb.sqlite");
  await buildVulndb(knowledge(), { out: db, now: Number(epoch) * 1000 });
  const run: Harbour["run"] = (args, more = {}) => {
    return runChild({ args, ...more, env: { SOURCE_DATE_EPOCH: epoch, ...more.env } });
  };
  return {
    folder,
    ...paths,
    db: folder,
    run,
    runAsReference: (args, more = {}) => run(args, { ...more, env: { PLIMSOLL_COMPAT: "sysdig", ...more.env } }),
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function archiveOf(tag: string, layers: readonly (readonly TarEntry[])[]): Buffer {
  const createdBy = ["/bin/sh -c #(nop) ADD file:abc in / ", "RUN /bin/sh -c npm ci # buildkit"];
  const image = imageOf(layers, { createdBy: createdBy.slice(0, layers.length), created: "2025-12-01T00:00:00Z" });
  return dockerArchiveOf([{ ...image, tags: [tag] }]);
}

function alpineLayer(names: readonly string[]): TarEntry[] {
  const installed = names.map((name) => `P:${name}\nV:3.0.8-r0\nA:x86_64\nL:Apache-2.0\no:${name}\n\n`).join("");
  return [
    { path: "etc/os-release", body: 'ID=alpine\nVERSION_ID=3.18.4\nPRETTY_NAME="Alpine Linux v3.18"\n' },
    { path: "lib/apk/db/installed", body: installed },
  ];
}

const lodashLayer: TarEntry[] = [
  { path: "app/node_modules/lodash/package.json", body: '{"name":"lodash","version":"4.17.15","license":"MIT"}' },
];

const openssl: Advisory = {
  kind: "advisory",
  id: "CVE-2025-0001",
  feed: "alpine-secdb",
  provider: "alpine",
  vulnerabilities: ["CVE-2025-0001"],
  aliases: [],
  published: "2025-06-01",
  affected: [
    {
      ecosystem: "alpine:3.18",
      name: "openssl",
      nameKind: "source",
      scheme: "apk",
      ranges: [{ fixed: "3.0.9-r1" }],
      fixState: "fixed",
    },
  ],
};

const lodash: Advisory = {
  kind: "advisory",
  id: "GHSA-35jh-r3h4-6jhm",
  feed: "ghsa",
  provider: "github",
  vulnerabilities: ["CVE-2021-23337"],
  aliases: ["GHSA-35jh-r3h4-6jhm"],
  published: "2021-05-06T16:05:51Z",
  severity: "high",
  cvss: [{ version: "3.1", score: 7.2, vector: "CVSS:3.1/AV:N/AC:L/PR:H/UI:N/S:U/C:H/I:H/A:H" }],
  affected: [
    {
      ecosystem: "npm",
      name: "lodash",
      nameKind: "source",
      scheme: "semver",
      ranges: [{ introduced: "0", fixed: "4.17.21" }],
      fixState: "fixed",
    },
  ],
};

const records: readonly FeedRecord[] = [
  openssl,
  lodash,
  {
    kind: "rating",
    feed: "nvd",
    provider: "nvd",
    vulnerability: "CVE-2025-0001",
    severity: "critical",
    cvss: [{ version: "3.1", score: 9.8, vector: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H" }],
    published: "2025-06-01T10:00:00Z",
  },
];

async function* knowledge(): AsyncGenerator<ReadItem> {
  yield* records;
  const dated = { kind: "dated", date: "2026-01-04" } as const;
  yield { ...dated, feed: "alpine-secdb", ecosystem: "alpine:3.18" };
  yield { ...dated, feed: "ghsa", ecosystem: "npm" };
  yield { ...dated, feed: "nvd" };
}
