import { readFileSync } from "node:fs";
import { join } from "node:path";
import { deflateOf, repositoryRoot, type TarEntry, type ZipEntry, zipOf, zipOfFiles } from "@plimsoll/testkit";
import { type Attack, type Ending, incomplete, whole } from "./attack.ts";

const jarPath = "srv/app.jar";
const pomPath = "META-INF/maven/org.example/lib/pom.properties";
const pom = "groupId=org.example\nartifactId=lib\nversion=1.0\n";
const goodJar = zipOfFiles({ [pomPath]: pom });
const unreadableJar = incomplete("archive-unreadable", jarPath);
const unreadableRpm = incomplete("package-database-damaged", "var/lib/rpm/Packages");

const at = (path: string, body: () => string | Buffer) => (): TarEntry[] => [{ path, body: body(), mode: 0o755 }];
const jar = (name: string, body: () => Buffer, ends: Ending = unreadableJar): Attack => ({
  name,
  make: at(jarPath, body),
  ends,
});
const rpm = (name: string, body: () => Buffer, ends: Ending = unreadableRpm): Attack => ({
  name,
  make: at("var/lib/rpm/Packages", body),
  ends,
});

/** Archives, databases and documents that packages are read from. */
export const packageAttacks: readonly Attack[] = [
  jar("a zip bomb of 3 GB in 30 jars", () =>
    zipOf(Array.from({ length: 30 }, (_, index) => ({ ...bomb, path: `lib/${index}.jar` }))),
  ),
  jar("overlapping zip records that unpack to 200 GB", overlapping),
  jar("jars nested 100 deep", () => nested(100)),
  jar("a jar of 300,000 entries", () => manyClasses(300_000)),
  jar("a jar that claims 65,534 entries", () => zipOf([{ path: "a" }], { entryCount: 65_534 })),
  jar("a jar whose directory lies outside of it", () => zipOf([{ path: "a" }], { directoryOffset: 0x7fffffff })),
  jar("a jar with the end of an empty one in its comment", () =>
    zipOf([{ path: pomPath, body: pom }], { comment: `PK\x05\x06${"\0".repeat(18)}and more` }),
  ),
  jar("a jar with an empty one behind it", () => Buffer.concat([goodJar, zipOf([])])),
  jar(
    "a jar with the same pom twice",
    () =>
      zipOf([
        { path: pomPath, body: pom },
        { path: pomPath, body: pom },
      ]),
    whole("org.example:lib"),
  ),
  jar(
    "a jar with names that leave it",
    () => zipOfFiles({ "../../etc/passwd": "x", "/abs": "y", [pomPath]: pom }),
    whole("org.example:lib"),
  ),
  {
    name: "a pom.xml with a billion laughs",
    make: at(jarPath, () => zipOfFiles({ "META-INF/maven/g/a/pom.xml": billionLaughs })),
    ends: whole(),
  },
  rpm("an rpm database whose overflow pages go round (SQLite)", () => loopedSqlite()),
  rpm("an rpm database whose tree goes round (SQLite)", () =>
    patched("rpmdb.sqlite", (bytes) => everyPage(bytes, pageSizeOf(bytes), rootTurnedRound)),
  ),
  rpm("an rpm database whose pages go round (hash)", () => patched("Packages.hash", nextPagesTurnedRound)),
  rpm("an rpm database whose pages go round (btree)", () => patched("Packages.big-endian-btree", nextPagesTurnedRound)),
  rpm("an rpm database of which every slot names one place (NDB)", () => patched("Packages.db", sameSlots)),
  rpm("an rpm header that counts 4 billion tags", () =>
    patched("Packages.db", (bytes) => headersClaim(bytes, 0xffffffff)),
  ),
  rpm("an rpm header that counts 60,000 tags", () => patched("Packages.db", (bytes) => headersClaim(bytes, 60_000))),
  rpm(
    "a SQLite database of 4 billion pages",
    () => patched("rpmdb.sqlite", (bytes) => bytes.fill(0xff, 28, 32)),
    whole(),
  ),
  {
    name: "a package.json nested 200,000 deep",
    make: at("srv/node_modules/x/package.json", () => '{"a":'.repeat(200_000)),
    ends: incomplete("package-file-unreadable"),
  },
  {
    name: "a package.json of 101 MB",
    make: at("srv/node_modules/x/package.json", () => Buffer.alloc(101 * 2 ** 20, 32)),
    ends: incomplete("file-too-large"),
  },
  {
    name: "a dpkg status of NUL bytes",
    make: at("var/lib/dpkg/status", () => Buffer.alloc(50_000)),
    ends: incomplete("package-database-damaged"),
  },
  {
    name: "a Go binary with absurd lengths",
    make: at("usr/bin/tool", () => goBinary(Buffer.alloc(64, 0xff))),
    ends: incomplete("go-build-info-missing"),
  },
];

/** More than 16 bits can count: the count wraps around, as some writers have it. */
function manyClasses(count: number): Buffer {
  const entries = Array.from({ length: count }, (_, index) => ({ path: `c/${index}.class`, method: "store" as const }));
  return zipOf(entries, { entryCount: count & 0xffff });
}

/** 100 MB of zeros as a jar inside a jar. */
const bomb: Omit<ZipEntry, "path"> = {
  body: deflateOf(Buffer.alloc(100_000_000)),
  method: "store",
  methodNumber: 8,
  size: 100_000_000,
};

/** Many entries of the directory that share one body. */
function overlapping(): Buffer {
  const shared = { ...bomb, body: "", compressedSize: bomb.body?.length ?? 0, localOffset: 0 };
  const rest = Array.from({ length: 1999 }, (_, index): ZipEntry => ({ ...shared, path: `lib/${index + 1}.jar` }));
  return zipOf([{ ...bomb, path: "lib/0.jar" }, ...rest]);
}

function nested(depth: number): Buffer {
  let inner: Buffer = goodJar;
  for (let level = 1; level < depth; level++) inner = zipOf([{ path: `${level}.jar`, body: inner, method: "store" }]);
  return inner;
}

const billionLaughs = `<!DOCTYPE p [<!ENTITY a "ha">${Array.from({ length: 20 }, (_, index) => `<!ENTITY a${index} "${`&a${index - 1};`.repeat(10)}">`).join("")}]>
<project><groupId>g</groupId><artifactId>laughs</artifactId><version>1&a19;</version></project>`;

const testdata = join(repositoryRoot, "packages", "catalog", "src", "rpm-db", "testdata");

function patched(name: string, change: (bytes: Buffer) => unknown): Buffer {
  const bytes = readFileSync(join(testdata, name));
  change(bytes);
  return bytes;
}

function everyPage(bytes: Buffer, size: number, change: (page: Buffer, number: number) => void): void {
  for (let at = 0; at + size <= bytes.length; at += size) change(bytes.subarray(at, at + size), 1 + at / size);
}

/** Overflow pages begin with the number of the next one; leaves with 0x0d (SQLite file format, sections 1.6 and 1.7). */
function loopedSqlite(): Buffer {
  return patched("rpmdb.sqlite", (bytes) =>
    everyPage(bytes, pageSizeOf(bytes), (page, number) => {
      if (number > 1 && page.readUInt32BE(0) < 0x02000000) page.writeUInt32BE(number, 0);
    }),
  );
}

function pageSizeOf(bytes: Buffer): number {
  return bytes.readUInt16BE(16) === 1 ? 65_536 : bytes.readUInt16BE(16);
}

/** Every page becomes the inside of a tree whose only child is itself. */
function rootTurnedRound(page: Buffer, number: number): void {
  if (number === 1) return;
  page.fill(0, 0, 12);
  page[0] = 5;
  page.writeUInt32BE(number, 8);
}

/** Of each page behind the first the next one is page 1 (Berkeley DB, dbinc/db_page.h: lsn, pgno, prev, next). */
function nextPagesTurnedRound(bytes: Buffer): void {
  const isBig = bytes.readUInt32BE(12) === 0x053162 || bytes.readUInt32BE(12) === 0x061561;
  const size = isBig ? bytes.readUInt32BE(20) : bytes.readUInt32LE(20);
  everyPage(bytes, size, (page, number) => {
    if (number === 1) return;
    if (isBig) page.writeUInt32BE(number - 1, 16);
    else page.writeUInt32LE(number - 1, 16);
  });
}

/** Slots of 16 bytes from 32 on: magic, package, block, blocks (rpm, lib/backend/ndb/rpmpkg.c). */
function sameSlots(bytes: Buffer): void {
  const slots = 255;
  const first =
    [...Array(slots).keys()].map((slot) => 32 + slot * 16).find((at) => bytes.readUInt32LE(at + 8) !== 0) ?? 32;
  const block = Buffer.from(bytes.subarray(first + 8, first + 16));
  for (let at = 32; at + 16 <= 4096; at += 16) {
    bytes.write("Slot", at, "latin1");
    bytes.writeUInt32LE(1 + (at - 32) / 16, at + 4);
    block.copy(bytes, at + 8);
  }
}

/** An NDB blob: magic BlbS, package, generation, length, then the header with its count of tags. */
function headersClaim(bytes: Buffer, tags: number): void {
  for (let at = bytes.indexOf("BlbS"); at >= 0; at = bytes.indexOf("BlbS", at + 1)) bytes.writeUInt32BE(tags, at + 16);
}

/** An ELF header, Go's build ID note, and the mark of build information in front of `rest`. */
function goBinary(rest: Buffer): Buffer {
  const head = Buffer.alloc(4096);
  head.write("\x7fELF\x02\x01\x01", 0, "latin1");
  head.write("\x04\x00\x00\x00\x53\x00\x00\x00\x04\x00\x00\x00Go\x00\x00", 1024, "latin1");
  const mark = Buffer.alloc(32);
  mark.write("\xff Go buildinf:\x08\x02", 0, "latin1");
  return Buffer.concat([head, mark, rest]);
}
