import { defaultLimits } from "@plimsoll/kit";
import { describe, expect, it } from "vitest";
import { readDatabase } from "./read-database.ts";
import { bdbBtree, bdbHash } from "./testing/bdb-database.ts";
import { patched } from "./testing/blobs-of.ts";
import { headerBlob, plainBlob } from "./testing/header-blob.ts";
import { ndbDatabase } from "./testing/ndb-database.ts";
import { sqliteDatabase } from "./testing/sqlite-database.ts";

const bash = headerBlob({
  epoch: 1,
  arch: "x86_64",
  sourceRpm: "bash-5.1.8-6.el9.src.rpm",
  vendor: "AlmaLinux",
  license: "GPLv3+",
  files: ["/usr/bin/bash", ["/usr/share/doc/bash", 2]],
});
const node = headerBlob({
  name: "npm",
  version: "8.19.4",
  release: "1.16.20.2.8.el9",
  epoch: 1,
  arch: "noarch",
  sourceRpm: "nodejs-16.20.2-8.el9.src.rpm",
  module: "nodejs:16:9030020231018:rhel9",
  files: ["/usr/lib/node_modules/npm/package.json"],
});
const key = headerBlob({ name: "gpg-pubkey", version: "b86b3716", release: "61e69f29" });

const formats: readonly [string, (blobs: readonly Buffer[]) => Buffer][] = [
  ["SQLite", (blobs) => sqliteDatabase(blobs)],
  ["NDB", (blobs) => ndbDatabase(blobs)],
  ["a hash", (blobs) => bdbHash(blobs)],
  ["a big-endian hash", (blobs) => bdbHash(blobs, { order: "big" })],
  ["a btree", (blobs) => bdbBtree(blobs)],
];

describe("readDatabase", () => {
  it.each(formats)("tells packages and what they own from %s, and leaves keys out", (_, make) => {
    const { packages, owns, problems } = readDatabase(make([bash, key, node]), defaultLimits);
    expect(problems).toEqual([]);
    expect(packages?.toSorted((a, b) => (a.name < b.name ? -1 : 1))).toEqual([
      {
        ecosystem: "rpm",
        name: "bash",
        version: "1:5.1.8-6.el9",
        arch: "x86_64",
        licenses: ["GPLv3+"],
        vendor: "AlmaLinux",
        kind: "installed",
      },
      {
        ecosystem: "rpm",
        name: "npm",
        version: "1:8.19.4-1.16.20.2.8.el9",
        arch: "noarch",
        source: { name: "nodejs", version: "1:16.20.2-8.el9" },
        kind: "installed",
        qualifiers: { rpmmod: "nodejs:16:9030020231018:rhel9" },
      },
    ]);
    expect(owns).toContainEqual({ owner: "bash", paths: ["usr/bin/bash"] });
    expect(owns).toContainEqual({ owner: "npm", paths: ["usr/lib/node_modules/npm/package.json"] });
  });

  it.each(formats)("says nothing about an empty database in %s", (_, make) => {
    expect(readDatabase(make([]), defaultLimits)).toEqual({ packages: [], owns: [], problems: [] });
  });

  it.each([
    ["no bytes", Buffer.alloc(0), /is empty/],
    ["another format", Buffer.from("hello, world\n".repeat(100)), /format that is not known/],
    ["zeros", Buffer.alloc(8192), /format that is not known/],
  ])("never calls %s clean", (_, bytes, message) => {
    expect(readDatabase(bytes, defaultLimits)).toEqual({
      problems: [expect.objectContaining({ level: "incomplete", message: expect.stringMatching(message) })],
    });
  });

  it.each<[string, Buffer, RegExp]>([
    ["a header that is none", Buffer.alloc(40), /header cut off or absurd/],
    ["a header without name", plainBlob([{ tag: 1001, text: "1" }]), /without name or version/],
    ["a changed header", patched(node, node.indexOf("npm\0"), "nqm"), /nqm fails its digest/],
  ])("reports the rest beside %s", (_, blob, message) => {
    const { packages, problems } = readDatabase(ndbDatabase([blob, bash]), defaultLimits);
    expect(packages).toContainEqual(expect.objectContaining({ name: "bash" }));
    expect(problems).toEqual([
      expect.objectContaining({ level: "incomplete", message: expect.stringMatching(message) }),
    ]);
  });

  it("counts what it does not name one by one", () => {
    const { problems } = readDatabase(ndbDatabase(Array.from({ length: 9 }, () => Buffer.alloc(9))), defaultLimits);
    expect(problems?.[0]?.message).toBe("rpm database damaged: package header cut off or absurd; 8 more");
  });

  it("reads packages up to the limit, and says so beyond it", () => {
    const limits = { ...defaultLimits, packages: 2 };
    expect(readDatabase(ndbDatabase([bash, node]), limits).problems).toEqual([]);
    const { packages, problems } = readDatabase(ndbDatabase([bash, node, bash]), limits);
    expect([packages?.length, problems?.[0]?.message]).toEqual([2, expect.stringContaining("more than 2 packages")]);
  });

  it("does not read the same bytes as many packages", () => {
    const bytes = ndbDatabase([headerBlob({ padding: 5000 }), ...Array.from({ length: 200 }, () => Buffer.alloc(1))]);
    for (let slot = 1; slot <= 200; slot++) bytes.copyWithin(32 + slot * 16 + 8, 40, 48);
    const { packages, problems } = readDatabase(bytes, defaultLimits);
    expect(packages?.length).toBeLessThan(10);
    expect(problems).toMatchObject([{ level: "incomplete" }]);
  });

  it("says when there are more owned files than it remembers", () => {
    const folder = `/${"d".repeat(4000)}/`;
    const files = Array.from({ length: 20_000 }, (_, index) => `${folder}${index}`);
    const { packages, owns, problems } = readDatabase(ndbDatabase([headerBlob({ files }), bash]), defaultLimits);
    expect([packages?.length, owns]).toEqual([2, []]);
    expect(problems).toMatchObject([{ level: "warning", code: "too-many-owned-files" }]);
  });
});
