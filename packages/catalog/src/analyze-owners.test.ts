import type { Sbom } from "@plimsoll/model";
import { describe, expect, it } from "vitest";
import type { FakeEntry } from "./testing/fake-source.ts";
import { codes, dpkg, type Layers, limited, scan } from "./testing/scan.ts";

describe("who owns a language package", () => {
  const metadata = (version: string, folder = "usr/lib"): FakeEntry => ({
    path: `${folder}/python3/x.dist-info/METADATA`,
    body: `Name: x\nVersion: ${version}\n`,
  });
  const owned = (prefix = ""): FakeEntry[] => [
    dpkg("python3-x=1"),
    { path: "var/lib/dpkg/info/python3-x.list", body: `/.\n${prefix}/lib/python3/x.dist-info/METADATA\n` },
  ];
  const ownerOf = ({ packages }: Sbom): string | undefined =>
    packages.find(({ ecosystem, removedIn }) => ecosystem === "pypi" && removedIn === undefined)?.ownedBy;

  it.each<readonly [string, Layers, boolean]>([
    ["the OS package that lists its file", [[...owned("/usr"), metadata("1")]], true],
    ["also under the name before merged-usr", [[{ path: "lib", symlink: "usr/lib" }, ...owned(), metadata("1")]], true],
    ["also when the symlink is not in the source", [[...owned(), metadata("1")]], true],
    ["nobody, when no list has it", [[dpkg("python3-x=1"), metadata("1")]], false],
    [
      "nobody, once a later layer put another version in its place",
      [[...owned("/usr"), metadata("1")], [metadata("2")]],
      false,
    ],
    [
      "still the OS package, when a later layer only copies it",
      [[...owned("/usr"), metadata("1")], [metadata("1")]],
      true,
    ],
    [
      "nobody, once the OS package is gone",
      [
        [...owned("/usr"), metadata("1")],
        [dpkg(), { whiteout: "var/lib/dpkg/info/python3-x.list" }],
      ],
      false,
    ],
  ])("%s", async (...[, layers, isOwned]) => {
    const owner = isOwned ? "pkg:deb/python3-x@1?arch=amd64" : undefined;
    expect(ownerOf(await scan(layers))).toBe(owner);
  });

  it("remembers the owner of a removed one, as a scan of the base alone would say", async () => {
    const sbom = await scan([
      [...owned("/usr"), metadata("1")],
      [dpkg(), { whiteout: "usr" }],
    ]);
    expect(sbom.packages.find(({ ecosystem }) => ecosystem === "pypi")).toMatchObject({
      ownedBy: "pkg:deb/python3-x@1?arch=amd64",
    });
  });

  it("keeps what cannot be read in a file of a vendor's own package", async () => {
    const release: FakeEntry = { path: "etc/os-release", body: "ID=debian\nVERSION_ID=12\n" };
    const binary: FakeEntry = { path: "opt/x/x.jar", body: Buffer.alloc(1000) };
    const list: FakeEntry = { path: "var/lib/dpkg/info/x.list", body: "/opt/x/x.jar\n" };
    const levelOf = async (maintainer: string): Promise<string> => {
      const status = `Package: x\nStatus: install ok installed\nVersion: 1\nArchitecture: amd64\nMaintainer: ${maintainer}\n\n`;
      const layer = [release, { path: "var/lib/dpkg/status", body: status }, list, binary];
      return codes(await scan([layer], limited({ fileBytes: 999 }))).join();
    };
    expect(await levelOf("Docker <support@docker.com>")).toBe("incomplete file-too-large");
    expect(await levelOf("A Developer <dev@debian.org>")).toBe("note file-too-large");
  });

  it("makes what cannot be read in a file of the distro's a note", async () => {
    const jar: FakeEntry = { path: "usr/share/java/x.jar", body: "this is not a zip file at all" };
    const list: FakeEntry = { path: "var/lib/dpkg/info/libx-java.list", body: "/usr/share/java/x.jar\n" };
    expect(codes(await scan([[jar]]))).toContain("incomplete archive-unreadable");
    expect(codes(await scan([[dpkg("libx-java=1"), list, jar]]))).toContain("note archive-unreadable");
  });
});
