import {
  corrupted,
  deflateOf,
  dockerArchiveOf,
  imageOf,
  type TarEntry,
  truncated,
  type ZipEntry,
  zipOf,
  zipOfFiles,
} from "@plimsoll/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  archiveWith,
  expectReport,
  namesIn,
  openStage,
  problemsAt,
  type Stage,
  wholeLayers,
  wholePackages,
} from "./stage.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage?.close());

const pom = "groupId=org.example\nartifactId=lib\nversion=1.0\n";
const goodJar = zipOfFiles({ "META-INF/maven/org.example/lib/pom.properties": pom });
const jarPath = "srv/app.jar";
const dpkg = "Package: zlib1g\nStatus: install ok installed\nVersion: 1:1.2.13\nArchitecture: amd64\n\n";
const apk = "P:zlib\nV:1.2.13-r1\nA:x86_64\n\n";

/** A package database or archive that cannot be read whole: where it lies, the code of its Problem, its bytes. */
type Broken = readonly [name: string, code: string, path: string, body: () => string | Buffer];
const broken: readonly Broken[] = [
  ["a dpkg status cut in a name", "package-database-damaged", "var/lib/dpkg/status", () => `${dpkg}Package: ba`],
  [
    "a dpkg status cut behind a version",
    "package-database-damaged",
    "var/lib/dpkg/status",
    () => `${dpkg}Package: bash\nVersion: 5.2`,
  ],
  ["a dpkg status of binary noise", "package-database-damaged", "var/lib/dpkg/status", () => noise(20_000)],
  ["a dpkg status of NUL bytes", "package-database-damaged", "var/lib/dpkg/status", () => Buffer.alloc(50_000)],
  [
    "a dpkg status with a control character in a name",
    "package-database-damaged",
    "var/lib/dpkg/status",
    () => dpkg.replace("zlib1g", "zl\u0000ib"),
  ],
  ["a distroless status.d of noise", "package-database-damaged", "var/lib/dpkg/status.d/base", () => noise(500)],
  ["an apk database cut in a package", "package-database-damaged", "usr/lib/apk/db/installed", () => `${apk}P:bash\nV`],
  [
    "an apk database cut behind a version",
    "package-database-damaged",
    "usr/lib/apk/db/installed",
    () => `${apk}P:bash\nV:5.2`,
  ],
  ["an apk database of noise", "package-database-damaged", "usr/lib/apk/db/installed", () => noise(20_000)],
  ["an rpm database of noise", "", "var/lib/rpm/rpmdb.sqlite", () => noise(20_000)],
  ["an rpm database cut behind its header", "", "var/lib/rpm/rpmdb.sqlite", () => Buffer.from("SQLite format 3\0")],
  ["an old rpm database of noise", "", "var/lib/rpm/Packages", () => noise(20_000)],
  ["a package.json that is no JSON", "package-file-unreadable", "srv/node_modules/x/package.json", () => '{"name":'],
  [
    "a package.json nested 200,000 deep",
    "package-file-unreadable",
    "srv/node_modules/x/package.json",
    () => '{"a":'.repeat(200_000),
  ],
  ["a package.json of noise", "package-file-unreadable", "srv/node_modules/x/package.json", () => noise(1000)],
  [
    "a package.json of 101 MB",
    "file-too-large",
    "srv/node_modules/x/package.json",
    () => Buffer.alloc(101 * 2 ** 20, 32),
  ],
  ["METADATA without a name", "package-file-unreadable", "usr/lib/python3/.egg-info/PKG-INFO", () => "no name here\n"],
  ["a jar of nothing but noise", "archive-unreadable", jarPath, () => noise(5000)],
  ["a jar cut before its directory", "archive-unreadable", jarPath, () => truncated(goodJar, goodJar.length - 40)],
  ["a jar cut in its directory", "archive-unreadable", jarPath, () => truncated(goodJar, goodJar.length - 10)],
  [
    "a jar with a directory outside the file",
    "archive-unreadable",
    jarPath,
    () => zipOf([{ path: "a" }], { directoryOffset: 0x7fffffff }),
  ],
  [
    "a jar that claims 65,534 entries",
    "archive-unreadable",
    jarPath,
    () => zipOf([{ path: "a" }], { entryCount: 65_534 }),
  ],
  ["a jar with an encrypted pom", "archive-unreadable", jarPath, () => jarWith({ flags: 0x801 })],
  ["a jar with a pom of an unknown method", "archive-unreadable", jarPath, () => jarWith({ methodNumber: 99 })],
  ["a jar with a pom that lies outside", "archive-unreadable", jarPath, () => jarWith({ localOffset: 0x7ffffff0 })],
  ["a jar with a pom larger than it says", "archive-unreadable", jarPath, () => jarWith({ size: 3 })],
  ["a jar with a pom that claims 4 GB", "archive-unreadable", jarPath, () => jarWith({ size: 0xfffffff0 })],
  ["a jar with a damaged pom", "archive-unreadable", jarPath, () => corrupted(goodJar, 30 + 44 + 3)],
  ["jars nested 100 deep", "archive-unreadable", jarPath, () => nested(100)],
  ["a zip bomb of 3 GB in 30 jars", "archive-unreadable", jarPath, () => jarBomb(30)],
  ["a jar of overlapping entries that unpacks to 200 GB", "archive-unreadable", jarPath, () => overlapping(2000)],
  ["a Go binary with absurd lengths", "go-build-info-missing", "usr/bin/tool", () => goBinary(Buffer.alloc(64, 0xff))],
  ["a Go binary cut behind its mark", "go-build-info-missing", "usr/bin/tool", () => goBinary(Buffer.alloc(0))],
];

describe.concurrent("one hostile file in a whole image", () => {
  it.each(broken)("%s: incomplete, and all else is reported (%s)", async (...[name, code, path, body]) => {
    const entry: TarEntry = { path, body: body(), mode: 0o755 };
    const archive = stage.save(`${name.replace(/\W+/g, "-")}.tar`, archiveWith(entry));
    const result = expectReport(await stage.scan(archive), { exit: 3, peakMb: 300 });
    expect(namesIn(result)).toEqual(expect.arrayContaining([...wholePackages]));
    const [problem] = problemsAt(result, new RegExp(`^${path}`)).filter(({ level }) => level === "incomplete");
    expect(problem, JSON.stringify(result.problems)).toMatchObject(code === "" ? {} : { code });
    expect(problem?.message).toMatch(/^[^\n]{10,400}$/);
    expect(problem?.next).toMatch(/^[^\n]{10,400}$/);
  });

  it("a failed policy stays failed beside damage", async () => {
    const vulnerable = "P:openssl\nV:3.0.8-r0\nA:x86_64\no:openssl\n\nP:bro";
    const layers = [wholeLayers[0] ?? [], [{ path: "lib/apk/db/installed", body: vulnerable }]];
    const archive = stage.save("vulnerable.tar", dockerArchiveOf([imageOf(layers)]));
    const result = expectReport(await stage.scan(archive), { exit: 1 });
    expect(problemsAt(result, "lib/apk/db/installed")).toMatchObject([{ level: "incomplete" }]);
    expect(Object.values(result.vulnerabilities ?? {})).toMatchObject([{ name: "CVE-2025-0001" }]);
  });

  it("the text report names what was not read, and what to do", async () => {
    const archive = stage.save("text.tar", archiveWith({ path: jarPath, body: noise(5000) }));
    const child = await stage.scan(archive, ["--output", `json=${stage.folder}/text.json`, "--output", "console"]);
    expect(child.code, child.stderr).toBe(2);
    const text = await stage.run(["scan", archive, "-d", stage.db, "-n"]);
    expect(text.code).toBe(3);
    for (const words of ["PASSED, BUT INCOMPLETE", jarPath, "check the archive"]) expect(text.stdout).toContain(words);
  });
});

/** Odd, but not broken: nothing is missing from the answer. */
const odd: readonly (readonly [name: string, found: string, path: string, body: () => string | Buffer])[] = [
  [
    "METADATA that is not UTF-8",
    "odd\ufffd",
    "usr/lib/python3/odd.dist-info/METADATA",
    () => Buffer.from("Name: odd\xff\nVersion: 1.0\n", "latin1"),
  ],
  [
    "METADATA of 30 MB",
    "big",
    "usr/lib/python3/big.dist-info/METADATA",
    () => `Name: big\nVersion: 1.0\n\n${"x".repeat(30_000_000)}`,
  ],
  [
    "a gemspec of 10 MB on one line",
    "rack",
    "usr/lib/ruby/specifications/rack-2.2.gemspec",
    () => `# stub: rack 2.2 ruby lib\n${"s.name = ".repeat(1_100_000)}`,
  ],
  [
    "a gemspec that is code",
    "evil",
    "usr/lib/ruby/specifications/evil-1.0.gemspec",
    () => 's.name = `touch /tmp/owned`; system("touch /tmp/owned")',
  ],
  [
    "a package.json of 500,000 keys",
    "keys",
    "srv/node_modules/keys/package.json",
    () => JSON.stringify({ name: "keys", version: "1.0.0", dependencies: manyKeys(500_000) }),
  ],
  [
    "a package.json with __proto__",
    "proto",
    "srv/node_modules/proto/package.json",
    () => '{"__proto__":{"version":"9"},"name":"proto","version":"1.0.0"}',
  ],
  ["a pom.xml with a billion laughs", "laughs", jarPath, () => jarOfPom(billionLaughs)],
  ["a pom.xml with an external entity", "outside", jarPath, () => jarOfPom(externalEntity)],
  ["a pom.xml whose properties expand without end", "circles", jarPath, () => jarOfPom(circularProperties)],
  [
    "a pom.xml nested 100,000 deep",
    "deep",
    jarPath,
    () =>
      jarOfPom(
        `<project><artifactId>deep</artifactId><groupId>g</groupId><version>1</version>${"<a>".repeat(100_000)}`,
      ),
  ],
  [
    "a jar behind 1 MB of noise",
    "lib",
    jarPath,
    () => zipOf([{ path: "META-INF/maven/org.example/lib/pom.properties", body: pom }], { prefix: noise(1_000_000) }),
  ],
  [
    "a jar with names that leave it",
    "lib",
    jarPath,
    () => zipOfFiles({ "../../etc/passwd": "x", "/abs": "y", "META-INF/maven/org.example/lib/pom.properties": pom }),
  ],
  [
    "a dpkg status with a line of 20 MB",
    "zlib1g",
    "var/lib/dpkg/status",
    () => `Description: ${"x".repeat(20_000_000)}\n${dpkg}`,
  ],
  [
    "an apk database of 200,000 files",
    "zlib",
    "usr/lib/apk/db/installed",
    () => `${apk.trimEnd()}\nF:usr\n${"R:file\n".repeat(200_000)}\n`,
  ],
];

describe.concurrent("one odd file in a whole image", () => {
  it.each(odd)("%s: read (%s)", async (...[name, found, path, body]) => {
    const archive = stage.save(`${name.replace(/\W+/g, "-")}.tar`, archiveWith({ path, body: body() }));
    const child = await stage.scan(archive);
    expect([0, 3], child.stderr).toContain(child.code);
    const result = expectReport(child, { exit: child.code === 0 ? 0 : 3, peakMb: 300 });
    const names = namesIn(result);
    expect(names).toEqual(expect.arrayContaining([...wholePackages]));
    expect(names.join(" ")).toContain(found);
    expect(child.stdout).not.toContain("root:x:0");
    expect(problemsAt(result, path).filter(({ level }) => level === "incomplete")).toEqual([]);
  });
});

/** The same noise in every run. */
function noise(length: number): Buffer {
  let state = 1;
  return Buffer.from(
    Array.from({ length }, () => {
      state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
      return state >> 16;
    }),
  );
}

function jarWith(lies: Partial<ZipEntry>): Buffer {
  return zipOf([{ path: "META-INF/maven/org.example/lib/pom.properties", body: pom, ...lies }]);
}

function jarOfPom(xml: string): Buffer {
  return zipOfFiles({ "META-INF/maven/g/a/pom.xml": xml });
}

function nested(depth: number): Buffer {
  let jar: Buffer = goodJar;
  for (let level = 1; level < depth; level++) jar = zipOf([{ path: `level-${level}.jar`, body: jar, method: "store" }]);
  return jar;
}

/** 100 MB of zeros as a jar inside a jar. */
const bomb: Omit<ZipEntry, "path"> = {
  body: deflateOf(Buffer.alloc(100_000_000)),
  method: "store",
  methodNumber: 8,
  size: 100_000_000,
};

function jarBomb(count: number): Buffer {
  return zipOf(Array.from({ length: count }, (_, index) => ({ ...bomb, path: `lib/bomb-${index}.jar` })));
}

/** Many entries of the directory that share one body (as in D. Fifield's "A better zip bomb"). */
function overlapping(count: number): Buffer {
  const shared = { ...bomb, body: "", compressedSize: bomb.body?.length ?? 0, localOffset: 0 };
  const rest = Array.from({ length: count - 1 }, (_, index): ZipEntry => ({ ...shared, path: `lib/${index + 1}.jar` }));
  return zipOf([{ ...bomb, path: "lib/0.jar" }, ...rest]);
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

function manyKeys(count: number): Record<string, string> {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`key-${index}`, "1"]));
}

const billionLaughs = `<!DOCTYPE p [<!ENTITY a "ha">${Array.from({ length: 20 }, (_, index) => `<!ENTITY a${index} "${`&a${index - 1};`.repeat(10)}">`).join("")}]>
<project><groupId>g</groupId><artifactId>laughs</artifactId><version>1&a19;</version></project>`;

const externalEntity = `<!DOCTYPE p [<!ENTITY x SYSTEM "file:///etc/passwd">]>
<project><groupId>g</groupId><artifactId>outside</artifactId><version>1</version><name>&x;</name></project>`;

const circularProperties = `<project><groupId>g</groupId><artifactId>circles</artifactId><version>1\${a}</version>
<properties><a>\${b}\${b}\${b}</a><b>\${a}\${a}\${a}</b></properties></project>`;
