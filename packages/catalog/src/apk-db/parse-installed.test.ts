import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parseInstalled } from "./parse-installed.ts";

const installed = readFileSync(join(import.meta.dirname, "testdata", "installed"), "utf8");

describe("apk's installed database", () => {
  it("gives packages with origin where it differs, licence, and the files each owns", () => {
    expect(parseInstalled(installed)).toEqual({
      packages: [
        { ecosystem: "apk", name: "musl", version: "1.2.4-r3", arch: "x86_64", licenses: ["MIT"], kind: "installed" },
        {
          ecosystem: "apk",
          name: "py3-pip",
          version: "23.1.2-r0",
          arch: "noarch",
          licenses: ["MIT"],
          kind: "installed",
        },
        {
          ecosystem: "apk",
          name: "ssl_client",
          version: "1.36.1-r5",
          arch: "x86_64",
          source: { name: "busybox", version: "1.36.1-r5" },
          licenses: ["GPL-2.0-only"],
          kind: "installed",
        },
      ],
      owns: [
        { owner: "musl", paths: ["lib/ld-musl-x86_64.so.1", "lib/libc.musl-x86_64.so.1"] },
        { owner: "py3-pip", paths: ["usr/lib/python3.11/site-packages/pip-23.1.2.dist-info/METADATA"] },
        { owner: "ssl_client", paths: ["usr/bin/ssl_client"] },
      ],
      problems: [],
    });
  });

  it.each([
    ["nothing", "", 0, 0],
    ["no end of line", "P:a\nV:1", 1, 1],
    ["Windows line ends", "P:a\r\nV:1\r\n\r\nP:b\r\nV:2\r\n", 2, 0],
    ["several blank lines between", "\n\nP:a\nV:1\n\n\n\nP:b\nV:2\n\n", 2, 0],
    ["an entry cut off before its version", "P:a\nV:1\n\nP:b\n", 1, 1],
    ["an entry without a name", "V:1\n\nP:b\nV:2\n", 1, 1],
    ["a name with a control character", "P:a\u0007b\nV:1\n", 0, 1],
    ["bytes that are no database", "\u0000\u0001\u0002 junk", 0, 1],
  ])("reads %s", (...[, text, packages, problems]) => {
    const facts = parseInstalled(text);
    expect(facts.packages).toHaveLength(packages);
    expect(facts.problems).toHaveLength(problems);
    for (const problem of facts.problems ?? [])
      expect(problem).toMatchObject({ level: "incomplete", code: "package-database-damaged" });
  });
});
