import type { TarEntry } from "@plimsoll/testkit";
import { type Attack, incomplete, refused, whole } from "./attack.ts";

const apk = "P:zlib\nV:1.2.13-r1\nA:x86_64\n\n";
const npm = (name: string): string => JSON.stringify({ name, version: "1.0.0" });
const folder = (path: string): TarEntry => ({ path, type: "directory" });
const symlink = (path: string, linkname: string): TarEntry => ({ path, type: "symlink", linkname });
const hardlink = (path: string, linkname: string): TarEntry => ({ path, type: "hardlink", linkname });

/** Names, links, devices and headers of a layer. */
export const tarAttacks: readonly Attack[] = [
  {
    name: "names that leave the layer (../../)",
    make: () => [
      { path: "../../../../../../tmp/plimsoll-owned", body: "x" },
      { path: "a/../../b", body: "x" },
    ],
    ends: incomplete("unsafe-path"),
  },
  { name: "absolute names", make: () => [{ path: "/etc/cron.d/plimsoll-owned", body: "x" }], ends: whole() },
  {
    name: "a pax path that leaves the layer",
    make: () => [{ path: "harmless", body: "x", pax: { path: "../../../../tmp/plimsoll-owned" } }],
    ends: incomplete("unsafe-path"),
  },
  {
    name: "a database that is a link to the host's file",
    make: () => [folder("var/lib/dpkg"), symlink("var/lib/dpkg/status", "/etc/passwd")],
    ends: incomplete("package-database-behind-link", "var/lib/dpkg/status"),
  },
  {
    name: "a database that is a link out of the image by ..",
    make: () => [symlink("var/lib/dpkg/status", "../../../../../../../../opt/dpkg/status")],
    ends: incomplete("package-database-behind-link", "var/lib/dpkg/status"),
  },
  {
    name: "a folder of a database that is a link to itself",
    make: () => [symlink("var/lib/dpkg", "dpkg"), symlink("usr/lib/dpkg", "../lib/dpkg")],
    ends: incomplete("package-database-behind-link", "var/lib/dpkg/status"),
  },
  {
    name: "links in a circle",
    make: () => [
      symlink("a", "b"),
      symlink("b", "a"),
      symlink("c/d", "../c"),
      { path: "a/x/package.json", body: npm("x") },
    ],
    ends: whole(),
  },
  {
    name: "40,000 links in a chain",
    make: () => Array.from({ length: 40_000 }, (_, index) => symlink(`l${index}`, `l${index + 1}/x`)),
    ends: whole(),
  },
  {
    name: "a hard link to a device",
    make: () => [{ path: "dev/sda", type: "block" }, hardlink("var/lib/dpkg/status", "dev/sda")],
    ends: incomplete("hard-link-unread", "var/lib/dpkg/status"),
  },
  {
    name: "a hard link to the host's file",
    make: () => [hardlink("srv/node_modules/x/package.json", "/etc/passwd")],
    ends: incomplete("hard-link-unread"),
  },
  {
    name: "hard links in a circle",
    make: () => [hardlink("srv/node_modules/x/package.json", "b"), hardlink("b", "srv/node_modules/x/package.json")],
    ends: incomplete("hard-link-unread"),
  },
  {
    name: "a device where a database lies",
    make: () => [{ path: "var/lib/dpkg/status", type: "character" }],
    ends: incomplete("package-database-no-file", "var/lib/dpkg/status"),
  },
  {
    name: "a pipe where a database lies",
    make: () => [{ path: "var/lib/rpm/Packages", type: "fifo" }],
    ends: incomplete("package-database-no-file", "var/lib/rpm/Packages"),
  },
  {
    name: "the same database twice: the last one counts",
    make: () => [
      { path: "usr/lib/apk/db/installed", body: "P:older\nV:1-r0\nA:x\n\n" },
      { path: "usr/lib/apk/db/installed", body: apk },
    ],
    ends: whole("zlib"),
  },
  {
    name: "the same name as file and as folder",
    make: () => [
      { path: "srv/node_modules/x/package.json", body: npm("x") },
      folder("srv/node_modules/x/package.json"),
      { path: "srv/node_modules/y/package.json", body: npm("y") },
    ],
    ends: whole("y"),
  },
  {
    name: "whiteouts that leave the layer",
    make: () => [{ path: "../.wh.etc" }, { path: "a/.wh..." }, { path: ".wh." }, { path: "../../.wh..wh..opq" }],
    ends: incomplete("unsafe-path"),
  },
  {
    name: "a sparse file of the old GNU kind",
    make: () => [sparse("usr/lib/dpkg/status")],
    ends: incomplete("sparse-file"),
  },
  {
    name: "a sparse file of 8 EiB in a pax map",
    make: () => [
      {
        path: "usr/lib/dpkg/status",
        body: "1\n0\n512\n",
        pax: { "GNU.sparse.major": "1", "GNU.sparse.minor": "0", "GNU.sparse.realsize": "9223372036854775807" },
      },
    ],
    ends: incomplete("sparse-file"),
  },
  {
    name: "a pax record that claims more than there is",
    make: () => [{ path: "x", typeFlag: "x", body: "999999 path=b\n" }],
    ends: refused("TAR_CORRUPT"),
  },
  {
    name: "a pax header of 2 MB",
    make: () => [{ path: "x", typeFlag: "x", body: Buffer.alloc(2_000_000, 97) }],
    ends: refused("TAR_CORRUPT"),
  },
  {
    name: "a GNU long name of 8 GB",
    make: () => [{ path: "x", typeFlag: "L", size: 8e9 }],
    ends: refused("TAR_CORRUPT"),
  },
  {
    name: "pax headers upon pax headers",
    make: () => Array.from({ length: 20_000 }, () => ({ path: "x", typeFlag: "x", body: "10 path=b\n" })),
    ends: refused("TAR_TRUNCATED"),
  },
  { name: "an entry of 8 PiB", make: () => [{ path: "a", size: 2n ** 53n - 1n }], ends: refused("LAYER_TOO_LARGE") },
  {
    name: "an entry of negative size",
    make: () => [{ path: "a", size: -1n, base256: true }],
    ends: refused("TAR_CORRUPT"),
  },
  {
    name: "a path of 100,000 folders",
    make: () => [{ path: `${"d/".repeat(100_000)}package.json`, body: "{}" }],
    ends: incomplete("path-too-long"),
  },
  {
    name: "names that are no UTF-8",
    make: () => [
      { path: Buffer.from("srv/node_modules/\xff\xfe/package.json", "latin1"), body: npm("x") },
      { path: "usr/lib/python3/odd.dist-info/METADATA", body: Buffer.from("Name: od\xffd\nVersion: 1.0\n", "latin1") },
    ],
    ends: whole("x", "od\ufffdd"),
  },
  {
    name: "a package behind a folder that claims its bytes",
    make: () => [{ path: "srv/", typeFlag: "\0", size: 1024 }, module("claimed")],
    ends: whole("claimed"),
  },
  {
    name: "a package whose folder stands where GNU has times",
    make: () => [{ path: "timed/package.json", body: npm("timed"), header: withPrefix("srv/node_modules") }],
    ends: whole("timed"),
  },
  {
    name: "a package renamed by a header that a global one takes back",
    make: () => [
      { path: "header", typeFlag: "x", body: "14 path=other\n" },
      { path: "header", typeFlag: "g", body: "13 comment=x\n" },
      module("kept"),
    ],
    ends: whole("kept"),
  },
  {
    name: "a package renamed as a sparse file of no version",
    make: () => [{ ...module("dense"), pax: { "GNU.sparse.name": "other" } }],
    ends: whole("dense"),
  },
  {
    name: "a package in a folder named like a whiteout",
    make: () => [{ ...module("marked"), path: ".wh..wh.a/node_modules/marked/package.json" }],
    ends: whole("marked"),
  },
];

function module(name: string): TarEntry {
  return { path: `srv/node_modules/${name}/package.json`, body: npm(name) };
}

function withPrefix(prefix: string): (block: Buffer) => void {
  return (block) => {
    block.write("ustar  \0", 257, "latin1");
    block.write(prefix, 345, "latin1");
  };
}

function sparse(path: string): TarEntry {
  return { path, typeFlag: "S", body: "x", header: (block) => void block.write("ustar  \0", 257, "latin1") };
}
