import { defaultLimits } from "@plimsoll/kit";
import type { Sbom } from "@plimsoll/model";
import { describe, expect, it } from "vitest";
import { analyze } from "../analyze.ts";
import { type FakeEntry, fakeImage } from "../testing/fake-source.ts";
import { rpmDb } from "./cataloger.ts";
import { headerBlob } from "./testing/header-blob.ts";
import { openSqliteDatabase, sqliteDatabase } from "./testing/sqlite-database.ts";

const wishFor = (path: string): string => rpmDb.select({ path, type: "file", size: 1, mode: 0o644 });

describe("rpmDb", () => {
  it.each(
    ["var/lib/rpm/", "usr/lib/sysimage/rpm/", "usr/share/rpm/"]
      .flatMap((folder) => ["Packages", "Packages.db", "rpmdb.sqlite", "rpmdb.sqlite-wal"].map((name) => folder + name))
      .concat("var/lib/rpmmanifest/container-manifest-2", "var/lib/rpm/rpmdb.sqlite-journal"),
  )("reads %s", (path) => expect(wishFor(path)).toBe("body"));

  it.each([
    "var/lib/rpm/Name",
    "var/lib/rpm/rpmdb.sqlite-shm",
    "var/lib/rpm/old/Packages",
    "var/lib/rpm/constructor",
    "home/var/lib/rpm/Packages",
    "Packages",
    "var/lib/rpmmanifest/container-manifest-1",
  ])("ignores %s", (path) => expect(wishFor(path)).toBe("ignore"));
});

const release: FakeEntry = { path: "etc/os-release", body: 'ID=almalinux\nVERSION_ID="9.3"\n' };
const database = (...names: string[]): FakeEntry => ({
  path: "var/lib/rpm/rpmdb.sqlite",
  body: sqliteDatabase(names.map((name) => headerBlob({ name, arch: "x86_64" }))),
});
const scan = (...layers: readonly FakeEntry[][]): Promise<Sbom> =>
  analyze(fakeImage(layers), { limits: defaultLimits, catalogers: [rpmDb] });

describe("an image with an rpm database", () => {
  it("says which layer brought each package, and which removed one", async () => {
    const { packages, problems, image } = await scan([release, database("bash", "vim")], [database("bash", "nginx")]);
    const layers = image?.layers.map(({ diffId }) => diffId) ?? [];
    expect(problems).toEqual([]);
    expect(packages.map(({ name, introducedIn, removedIn }) => [name, introducedIn, removedIn])).toEqual([
      ["bash", layers[0], undefined],
      ["nginx", layers[1], undefined],
      ["vim", layers[0], layers[1]],
    ]);
  });

  it("is incomplete while a log holds changes, until a layer has an empty one", async () => {
    const open = openSqliteDatabase([headerBlob({})]);
    const base: FakeEntry[] = [database("bash"), { path: "var/lib/rpm/rpmdb.sqlite-wal", body: open.wal }];
    const [problem] = (await scan(base)).problems;
    expect(problem).toMatchObject({ level: "incomplete", path: "var/lib/rpm/rpmdb.sqlite-wal" });
    const cleaned = await scan(base, [{ path: "var/lib/rpm/rpmdb.sqlite-wal", body: "" }]);
    expect(cleaned.problems).toMatchObject([{ level: "note" }]);
  });

  it("reports packages of a list where there is no database", async () => {
    const line = "glibc\t2.35-2.cm2\t1\t2\tMicrosoft\t(none)\t5\tx86_64\t0\tglibc-2.35-2.cm2.src.rpm\n";
    const { packages } = await scan([{ path: "var/lib/rpmmanifest/container-manifest-2", body: line }]);
    expect(packages.map(({ name, version }) => `${name} ${version}`)).toEqual(["glibc 2.35-2.cm2"]);
  });
});
