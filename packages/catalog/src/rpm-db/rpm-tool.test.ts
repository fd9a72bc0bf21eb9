import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { defaultLimits } from "@plimsoll/kit";
import type { PackageFact } from "@plimsoll/model";
import { sharedData } from "@plimsoll/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Facts } from "../cataloger.ts";
import { damageLog } from "./damage.ts";
import { isNdb, ndbHeaderBlobs } from "./ndb/header-blobs.ts";
import { readDatabase } from "./read-database.ts";
import { bdbHash } from "./testing/bdb-database.ts";
import { type FakeRpm, headerBlob } from "./testing/header-blob.ts";
import { ndbDatabase } from "./testing/ndb-database.ts";

const hasRpm = spawnSync("rpm", ["--version"]).status === 0;
const databases = sharedData("pkgdb", "rpm-databases.tar.zst");
const rootfs = sharedData("rootfs", "almalinux");

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "rpmdb-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** One line a package as rpm writes it down, in our words. */
const format = [
  "%{NAME}",
  "%|EPOCH?{%{EPOCH}}:{0}|",
  "%{VERSION}-%{RELEASE}",
  "%{ARCH}",
  "%{SOURCERPM}",
  "%{VENDOR}",
  "%{LICENSE}",
  "%{MODULARITYLABEL}",
].join("\t");

interface RpmDatabase {
  readonly path: string;
  readonly backend: string;
}

/** Asks the real tool. It cannot read NDB as Debian builds it: such packages are put into a hash for it. */
function asRpmReads(bytes: Buffer, name: string): RpmDatabase {
  const path = mkdtempSync(join(folder, "db-"));
  const readable = isNdb(bytes) ? bdbHash([...ndbHeaderBlobs(bytes, damageLog())]) : bytes;
  const backend = name === "rpmdb.sqlite" ? "sqlite" : "bdb_ro";
  writeFileSync(join(path, backend === "sqlite" ? "rpmdb.sqlite" : "Packages"), readable);
  return { path, backend };
}

function rpm({ path, backend }: RpmDatabase, ...query: string[]): string[] {
  const options = ["--dbpath", path, "--define", `_db_backend ${backend}`];
  const { stdout } = spawnSync("rpm", [...options, ...query], { encoding: "utf8", maxBuffer: 2 ** 28 });
  return stdout.split("\n").filter((line) => line !== "");
}

function packagesOfRpm(database: RpmDatabase): string[] {
  const lines = rpm(database, "-qa", "--qf", `${format}\n`).filter((line) => !line.startsWith("gpg-pubkey\t"));
  return lines.map((line) => line.replace(/\t\t/g, "\t(none)\t")).sort();
}

/** The same lines from ours; where the source is the package itself, its file name is made up again. */
function ourPackages(facts: Facts, original: readonly string[]): string[] {
  const sources = new Map(original.map((line) => [line.split("\t").slice(0, 4).join("\t"), line.split("\t")[4]]));
  return (facts.packages ?? []).map((fact) => lineOf(fact, sources)).sort();
}

function lineOf(fact: PackageFact, sources: ReadonlyMap<string, string | undefined>): string {
  const [, epoch = "0", version = ""] = /^(?:(\d+):)?(.*)$/.exec(fact.version) ?? [];
  const head = [fact.name, epoch, version, fact.arch ?? "(none)"].join("\t");
  const { name, version: sourceVersion } = fact.source ?? fact;
  const file = `${name}-${sourceVersion.replace(/^\d+:/, "")}.src.rpm`;
  const hasNone = sources.get(head) === "(none)" && fact.source === undefined;
  const tail = [fact.vendor ?? "(none)", fact.licenses?.[0] ?? "(none)", fact.qualifiers?.rpmmod ?? "(none)"];
  return [head, hasNone ? "(none)" : file, ...tail].join("\t");
}

function ownedByRpm(database: RpmDatabase): string[] {
  return rpm(database, "-qa", "--qf", "[%{=NAME}\t%{FILENAMES}\t%{FILESTATES}\n]")
    .map((line) => line.split("\t"))
    .filter(([, path, state]) => path !== "/" && (state === "0" || state === "3"))
    .map(([name, path]) => `${name} ${path}`)
    .sort();
}

function ourOwned({ owns = [] }: Facts): string[] {
  return owns.flatMap(({ owner, paths }) => paths.map((path) => `${owner} /${path}`)).sort();
}

function expectAgreement(bytes: Buffer, { name, count }: { readonly name: string; readonly count: number }): Facts {
  const facts = readDatabase(bytes, defaultLimits);
  const database = asRpmReads(bytes, name);
  const expected = packagesOfRpm(database);
  expect(facts.problems).toEqual([]);
  expect(expected).toHaveLength(count);
  expect(ourPackages(facts, expected)).toEqual(expected);
  expect(ourOwned(facts)).toEqual(ownedByRpm(database));
  return facts;
}

const fakes: FakeRpm[] = [
  { arch: "x86_64", epoch: 0, sourceRpm: "bash-5.1.8-6.el9.src.rpm", license: "GPLv3+", files: ["/usr/bin/bash"] },
  { name: "a", epoch: 3, arch: "noarch", sourceRpm: "b-1-2.src.rpm", vendor: "V", files: ["/a", ["/b", 2], "/c/d"] },
  { name: "m", arch: "s390x", sourceRpm: "m-5.1.8-6.el9.src.rpm", module: "m:1:2:3", padding: 20_000, license: "MIT" },
  { name: "gpg-pubkey", version: "b86b3716", release: "61e69f29" },
];

describe.skipIf(!hasRpm)("rpm reads what our test builders write (skipped without rpm)", () => {
  const blobs = fakes.map(headerBlob);
  it.each<[string, string, () => Buffer]>([
    ["NDB", "Packages.db", () => ndbDatabase(blobs)],
    ["a hash", "Packages", () => bdbHash(blobs)],
    ["a big-endian hash of 8 buckets", "Packages", () => bdbHash(blobs, { order: "big", parts: 8 })],
  ])("%s", (_, name, make) => void expectAgreement(make(), { name, count: 3 }));
});

const syft = "syft/cmd/syft/internal/test/integration/testdata/image-pkg-coverage/pkgs/var/lib/rpm/Packages";
const real: readonly [path: string, count: number][] = [
  ["go-rpmdb/cbl-mariner-2.0/rpmdb.sqlite", 129],
  ["go-rpmdb/libuuid/Packages", 1],
  ["go-rpmdb/sle15-bci/Packages.db", 35],
  ["osv-scalibr/extractor/filesystem/os/rpm/testdata/Packages_epoch", 1],
  ["snyk-docker-plugin/test/unit/lib/inputs/rpm/Packages.db", 3],
  ["snyk-rpm-parser/test/fixtures/rpm4_empty", 0],
  [syft, 1],
  ["syft/syft/pkg/cataloger/redhat/testdata/Packages", 1],
];

describe.skipIf(!hasRpm || databases === null)(
  "real databases read like rpm reads them (skipped without rpm or ../shared/data/pkgdb)",
  () => {
    it.each(real)("%s: %i packages", (path, count) => {
      const bytes = unpacked(databases ?? "", path);
      const name = basename(path).replace(/^(?:rpm4_empty|Packages_epoch)$/, "Packages");
      expectAgreement(bytes, { name, count });
    });

    it("a database without its table is damage to rpm and to us", () => {
      const bytes = unpacked(databases ?? "", "claircore/internal/rpm/sqlite/testdata/no_packages.sqlite");
      expect(readDatabase(bytes, defaultLimits).problems).toMatchObject([{ level: "incomplete" }]);
    });
  },
);

const images: readonly [image: string, database: string, count: number][] = [
  ["almalinux-8-micro-s390x-2023-05-23", "Packages", 19],
  ["almalinux-9-micro-aarch64-2022-05-09", "rpmdb.sqlite", 22],
  ["almalinux-9-micro-aarch64-2023-11-25", "rpmdb.sqlite", 22],
];

describe.skipIf(!hasRpm || rootfs === null)(
  "real root file systems read like rpm reads them (skipped without rpm or ../shared/data/rootfs)",
  () => {
    it.each(images)(
      "%s",
      (image, name, count) => {
        const bytes = unpacked(join(rootfs ?? "", `${image}.tar.xz`), `var/lib/rpm/${name}`);
        const facts = expectAgreement(bytes, { name, count });
        if (name === "rpmdb.sqlite") expectSameOwners(facts, asRpmReads(bytes, name));
      },
      60_000,
    );
  },
);

/** `rpm -qf` of some 300 paths (it is slow) names just the owners we name. */
function expectSameOwners({ owns = [] }: Facts, database: RpmDatabase): void {
  const owners = new Map<string, string[]>();
  for (const { owner, paths } of owns) {
    for (const path of paths) owners.set(path, [...(owners.get(path) ?? []), owner]);
  }
  // The host has links below zoneinfo, which rpm follows.
  const all = [...owners].filter(([path]) => path.startsWith("usr/") && !path.startsWith("usr/share/zoneinfo/"));
  const step = Math.ceil(all.length / 300);
  const some = all.filter((_, index) => index % step === 0);
  expect(some.length).toBeGreaterThan(100);
  const told = rpm(database, "-qf", "--qf", "%{NAME}\n", ...some.map(([path]) => `/${path}`));
  expect(told.sort()).toEqual(some.flatMap(([, names]) => names).sort());
}

function unpacked(archive: string, member: string): Buffer {
  const place = join(folder, "unpacked");
  mkdirSync(place, { recursive: true });
  execFileSync("tar", ["-x", archive.endsWith(".xz") ? "--xz" : "--zstd", "-f", archive, "-C", place, member]);
  return readFileSync(join(place, member));
}
