import { rpmDb } from "../../../packages/catalog/src/rpm-db/cataloger.ts";
import { bdbBtree, bdbHash } from "../../../packages/catalog/src/rpm-db/testing/bdb-database.ts";
import { headerBlob } from "../../../packages/catalog/src/rpm-db/testing/header-blob.ts";
import { ndbDatabase } from "../../../packages/catalog/src/rpm-db/testing/ndb-database.ts";
import { openSqliteDatabase, sqliteDatabase } from "../../../packages/catalog/src/rpm-db/testing/sqlite-database.ts";
import { mutatePages } from "../mutate-binary.ts";
import { mutateBytes } from "../mutate-bytes.ts";
import { mutateLines } from "../mutate-lines.ts";
import { promise } from "../promises.ts";
import { bytesOf, ownFiles, sharedFiles } from "../seeds.ts";
import type { FuzzTarget, Outcome } from "../target.ts";
import { limits, parseSoundly } from "./cataloger-targets.ts";

const blobs = [0, 700, 3000, 40, 9000].map((padding, index) =>
  headerBlob({
    name: `package${index}`,
    epoch: index,
    arch: "noarch",
    sourceRpm: `source-1.${index}-1.src.rpm`,
    files: ["/usr/bin/a", `/usr/lib/${index}/b`],
    padding,
  }),
);
const folder = "packages/catalog/src/rpm-db";

function parseDatabase(input: Buffer): Outcome {
  const facts = rpmDb.parse({ path: "var/lib/rpm/Packages", bytes: input }, limits);
  // Each whole package is kept or told as lost.
  const isKept = (facts.packages ?? []).length > 0 || (facts.problems ?? []).length > 0;
  promise(isKept || input.length > 0, "no package and no Problem");
  return parseSoundly(rpmDb, { path: "var/lib/rpm/Packages", bytes: input });
}

const database = (name: string, seeds: () => Promise<readonly Buffer[]>, scope: readonly string[]): FuzzTarget => ({
  name: `rpm-${name}`,
  scope: scope.map((path) => `${folder}/${path}`),
  mutators: [mutatePages, mutatePages, mutateBytes],
  maxBytes: 262_144,
  seeds,
  run: parseDatabase,
});

const own = (pattern: string): Buffer[] => bytesOf(ownFiles(`${folder}/testdata/${pattern}`));
const real = async (pattern: RegExp): Promise<Buffer[]> =>
  bytesOf(
    await sharedFiles({
      archives: ["pkgdb/rpm-databases.tar.zst"],
      wants: ({ path }) => pattern.test(path),
      mostBytes: 262_144,
    }),
  );

/** rpm's databases, their logs, its headers and its list for distroless images. */
export const rpmTargets: readonly FuzzTarget[] = [
  database(
    "sqlite",
    async () => [
      sqliteDatabase(blobs, { before: "PRAGMA page_size=512" }),
      ...own("rpmdb.sqlite"),
      ...(await real(/\.sqlite$/)),
    ],
    ["sqlite/"],
  ),
  database("ndb", async () => [ndbDatabase(blobs), ...own("Packages.db"), ...(await real(/Packages\.db$/))], ["ndb/"]),
  database(
    "bdb-hash",
    async () => [bdbHash(blobs, { pageSize: 512 }), ...own("Packages.hash"), ...(await real(/Packages$/))],
    ["bdb/hash-pairs.ts", "bdb/header-blobs.ts", "bdb/metadata.ts", "bdb/pages.ts"],
  ),
  database(
    "bdb-btree",
    async () => [bdbBtree(blobs, { pageSize: 512, order: "big" }), ...own("Packages.big-endian-btree")],
    ["bdb/btree-pairs.ts", "bdb/header-blobs.ts", "bdb/metadata.ts", "bdb/pages.ts"],
  ),
  {
    name: "rpm-header",
    scope: [`${folder}/header/`, `${folder}/owned-paths.ts`, `${folder}/to-package.ts`],
    mutators: [mutateBytes],
    maxBytes: 16_384,
    seeds: async () => blobs,
    run: (input) => parseSoundly(rpmDb, { path: "var/lib/rpm/Packages", bytes: ndbDatabase([input]) }),
  },
  {
    name: "rpm-wal",
    scope: [`${folder}/sqlite/pending-changes.ts`],
    mutators: [mutateBytes, mutatePages],
    maxBytes: 262_144,
    share: 0.3,
    seeds: async () => [openSqliteDatabase(blobs).wal],
    run: (input) => parseSoundly(rpmDb, { path: "var/lib/rpm/rpmdb.sqlite-wal", bytes: input }),
  },
  {
    name: "rpm-manifest",
    scope: [`${folder}/parse-manifest.ts`],
    mutators: [mutateLines, mutateBytes],
    share: 0.5,
    seeds: async () => own("container-manifest-2"),
    run: (input) => parseSoundly(rpmDb, { path: "var/lib/rpmmanifest/container-manifest-2", bytes: input }),
  },
];
