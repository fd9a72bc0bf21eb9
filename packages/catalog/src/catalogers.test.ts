import { defaultLimits } from "@plimsoll/kit";
import { expectCompleteRegistry, zipOfFiles } from "@plimsoll/testkit";
import { describe, expect, it } from "vitest";
import { catalogers } from "./catalogers.ts";
import { casesOf, expectSoundFacts } from "./testing/conformance.ts";

expectCompleteRegistry(catalogers, { folder: import.meta.dirname, file: "cataloger.ts" });

const bodies: readonly (readonly [string, Uint8Array])[] = [
  ["nothing", Buffer.alloc(0)],
  ["one byte", Buffer.from("P")],
  ["blanks", Buffer.from(" \n\t\r\n \n")],
  ["zeros", Buffer.alloc(100_000)],
  ["binary junk", Buffer.from(Array.from({ length: 20_000 }, (_, index) => (index * 7919) % 256))],
  ["invalid UTF-8", Buffer.from("Package: \xff\xfe\nName: \xc3\x28\nP:\xf0\x28\nV:1\nVersion: 1\n", "latin1")],
  ["UTF-16", Buffer.from('\ufeff{"name":"a","version":"1"}\nPackage: a\n', "utf16le")],
  ["one long line", Buffer.from("a".repeat(2_000_000))],
  ["a million lines", Buffer.from("P:a\n".repeat(1_000_000))],
  ["a hundred thousand paragraphs", Buffer.from("Package: a\nVersion: 1\nP:a\nV:1\n\n".repeat(100_000))],
  ["deep JSON", Buffer.from("[".repeat(100_000))],
  ["deep XML", Buffer.from("<a>".repeat(100_000))],
  ["assignments", Buffer.from(`ID=${"x".repeat(100_000)}\nVERSION_ID="${'\\"'.repeat(50_000)}\n`)],
  ["escape sequences", Buffer.from('P:\u001b[31m\nV:\u202e1\n\n{"name":"\\u001b[31m","version":"\\u0000"}')],
];

it("has a path to try for every cataloger", () => {
  expect(new Set(casesOf(catalogers).map(({ name }) => name)).size).toBe(catalogers.length);
});

describe.each(casesOf(catalogers))("$name given $path", ({ cataloger, path }) => {
  it("asks for the file, or has seen enough", () => {
    const entry = { path, type: "file", size: 1, mode: 0o755 } as const;
    expect(cataloger.select(entry) !== "ignore" || (cataloger.seen?.(entry) ?? null) !== null).toBe(true);
  });

  it.each(bodies)("answers to %s", (_, bytes) => {
    const start = performance.now();
    cataloger.claims?.(bytes.subarray(0, 8192), path);
    expectSoundFacts(cataloger.parse({ path, bytes }, defaultLimits));
    expect(performance.now() - start).toBeLessThan(5_000);
  });
});

/** Much of one thing behind what makes a pattern look on: nothing may take the square of it. */
const floods: readonly (readonly [path: string, head: string, again: string, tail: string])[] = [
  ["usr/share/doc/a/copyright", "Format: https://x/copyright-format/1.0/\n\nFiles: *\nLicense: GPL", " ", "x\n"],
  ["etc/os-release", 'ID=debian\nVERSION="8 (', "a", '"\n'],
  ["specifications/a-1.gemspec", "", "\n", "x"],
  ["specifications/a-1.gemspec", "", " \n", "x"],
  ["var/lib/dpkg/status", "Package: a\nVersion: 1\nSource: a", " ", "(1)x\n"],
  ["lib/apk/db/installed", "P:a\nV:1\nL:", " ", "x\n"],
  ["a-1.dist-info/METADATA", "Name: a\nVersion: 1\nLicense:", " ", "x\n"],
];

it.each(floods)("%s with %j and then much of %j takes no time", (...[path, head, again, tail]) => {
  const bytes = Buffer.from(head + again.repeat(1_000_000) + tail);
  const start = process.cpuUsage();
  for (const cataloger of catalogers) {
    if (cataloger.select({ path, type: "file", size: 1, mode: 0o644 }) === "body") {
      expectSoundFacts(cataloger.parse({ path, bytes }, defaultLimits));
    }
  }
  expect(process.cpuUsage(start).user / 1000).toBeLessThan(1_500);
});

it("pom.properties and pom.xml of blanks take no time", () => {
  const java = catalogers.find(({ name }) => name === "java-archive-cataloger");
  const blanks = " ".repeat(1_000_000);
  const files = {
    "META-INF/maven/g/a/pom.properties": `version=1${blanks}x`,
    "META-INF/maven/g/b/pom.xml": `<project${blanks}`,
  };
  const bytes = zipOfFiles(files);
  const start = process.cpuUsage();
  java?.parse({ path: "a.jar", bytes }, defaultLimits);
  expect(process.cpuUsage(start).user / 1000).toBeLessThan(1_500);
});
