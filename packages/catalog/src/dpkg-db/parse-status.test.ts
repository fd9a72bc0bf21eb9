import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parseStatus } from "./parse-status.ts";

const status = readFileSync(join(import.meta.dirname, "testdata", "status"), "utf8");

describe("dpkg's status file", () => {
  it("gives everything with files on disk, half-installed states too, and sources that differ", () => {
    const deb = { ecosystem: "deb", kind: "installed" };
    const glibc = { name: "glibc", version: "2.36-9+deb12u4" };
    expect(parseStatus(status, "database")).toEqual({
      packages: [
        { ...deb, name: "adduser", version: "3.134", arch: "all", vendor: "Somebody <somebody@example.org>" },
        { ...deb, name: "libc6", version: "2.36-9+deb12u4", arch: "amd64", source: glibc },
        { ...deb, name: "libc6", version: "2.36-9+deb12u4", arch: "i386", source: glibc },
        {
          ...deb,
          name: "gcc-12-base",
          version: "12.2.0-14+b1",
          arch: "amd64",
          source: { name: "gcc-12", version: "12.2.0-14" },
        },
        {
          ...deb,
          name: "passwd",
          version: "1:4.13+dfsg1-1+b1",
          arch: "amd64",
          source: { name: "shadow", version: "1:4.13+dfsg1-1" },
        },
        { ...deb, name: "half", version: "1.0", arch: "amd64" },
        { ...deb, name: "waiting", version: "1.1", arch: "amd64" },
      ],
      problems: [],
    });
  });

  it.each([
    ["nothing", "", 0, 0],
    ["blank lines only", "\n\n", 0, 0],
    ["a status.d file without Status and end of line", "Package: base\nVersion: 1", 1, 0],
    ["field names in other case", "PACKAGE: a\nversion: 1\nSTATUS: install ok installed\n", 1, 0],
    ["a source that is the package itself", "Package: a\nSource: a (1)\nVersion: 1\n", 1, 0],
    ["an entry cut off before its version", "Package: a\nVersion: 1\n\nPackage: b\nStatus: install ok inst", 1, 1],
    ["an entry without a name", "Status: install ok installed\nVersion: 1\n", 0, 1],
    ["text of another kind", "hello\nworld\n", 0, 1],
    ["UTF-16", Buffer.from("Package: a\nVersion: 1\n", "utf16le").toString(), 0, 1],
  ])("reads %s", (...[, text, packages, problems]) => {
    const facts = parseStatus(text, "package");
    expect(facts.packages).toHaveLength(packages);
    expect(facts.problems).toHaveLength(problems);
    for (const problem of facts.problems ?? [])
      expect(problem).toMatchObject({ level: "incomplete", code: "package-database-damaged" });
  });

  it("takes a database that ends within a line for cut, and a single file not", () => {
    const text = "Package: a\nVersion: 1\n\nPackage: b\nVersion: 1.2";
    expect(parseStatus(text, "database")).toMatchObject({
      packages: [{ name: "a" }, { name: "b" }],
      problems: [{ level: "incomplete", code: "package-database-damaged" }],
    });
    expect(parseStatus(text, "package").problems).toEqual([]);
    expect(parseStatus(`${text}\n`, "database").problems).toEqual([]);
  });
});
