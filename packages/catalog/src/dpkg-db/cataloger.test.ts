import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { dpkgDb } from "./cataloger.ts";

const wish = (path: string): string => dpkgDb.select({ path, type: "file", size: 1, mode: 0o644 });
const parse = (path: string, text: string): unknown => dpkgDb.parse({ path, bytes: Buffer.from(text) });

describe("the dpkg cataloger", () => {
  it.each([
    ["var/lib/dpkg/status", "body"],
    ["var/lib/dpkg/status.d/libc6", "body"],
    ["var/lib/dpkg/status.d/libpython3.11-minimal", "body"],
    ["var/lib/dpkg/status.d/libc6.md5sums", "body"],
    ["var/lib/dpkg/status.d/libc6.preinst", "ignore"],
    ["var/lib/dpkg/status-old", "ignore"],
    ["var/lib/dpkg/info/libc6:amd64.list", "body"],
    ["var/lib/dpkg/info/libc6:amd64.postinst", "ignore"],
    ["usr/lib/dpkg/status", "body"],
    ["usr/share/doc/libc6/copyright", "body"],
    ["usr/share/doc/libc6/examples/copyright", "ignore"],
    ["opt/rootfs/var/lib/dpkg/status", "ignore"],
  ])("%s → %s", (path, wanted) => {
    expect(wish(path)).toBe(wanted);
  });

  it("reads ownership from file lists and checksums, under the name with its architecture", () => {
    expect(parse("var/lib/dpkg/info/libc6:amd64.list", "/.\n/lib\n/lib/x86_64-linux-gnu/libc.so.6\n")).toEqual({
      owns: [{ owner: "libc6:amd64", paths: ["lib", "lib/x86_64-linux-gnu/libc.so.6"] }],
    });
    const sums = `${"0".repeat(32)}  usr/bin/a b\nnot a checksum\n${"f".repeat(32)}  ./usr/bin/c\n`;
    expect(parse("var/lib/dpkg/status.d/tool.md5sums", sums)).toEqual({
      owns: [{ owner: "tool", paths: ["usr/bin/a b", "usr/bin/c"] }],
    });
  });

  it("reads licences from machine-readable copyright files only", () => {
    const text = readFileSync(join(import.meta.dirname, "testdata", "copyright"), "utf8");
    expect(parse("usr/share/doc/example/copyright", text)).toEqual({
      licenses: { owner: "example", names: ["Artistic", "BSD-3-clause", "GPL-2+"] },
    });
    expect(parse("usr/share/doc/example/copyright", "License: GPL, see below\n")).toEqual({});
  });
});
