import { expect, it } from "vitest";
import type { FakeEntry } from "./testing/fake-source.ts";
import { codes, dpkg, scan, stays } from "./testing/scan.ts";

const link = (path: string, target: string): FakeEntry => ({ path, symlink: target });
const apk: FakeEntry = { path: "usr/lib/apk/db/installed", body: "P:a\nV:1-r0\n\n" };
const moved = { ...dpkg("a=1"), path: "opt/db/status" };

it.each<[string, readonly FakeEntry[]]>([
  ["a file out of the image", [link("var/lib/dpkg/status", "/etc/passwd")]],
  ["a file elsewhere in it", [link("var/lib/dpkg/status", "../../../opt/db/status"), moved]],
  ["a folder elsewhere in it", [link("var/lib/dpkg", "../../opt/db"), moved]],
  ["itself", [link("var/lib/dpkg", "dpkg")]],
])("a database behind a link to %s is said to be unread", async (_, entries) => {
  const sbom = await scan([entries]);
  expect(codes(sbom).filter((code) => !code.startsWith("note"))).toEqual(["incomplete package-database-behind-link"]);
});

it.each<[string, readonly FakeEntry[]]>([
  ["a merged /usr", [link("lib", "usr/lib"), apk]],
  ["the folder of another name", [link("var/lib/rpm", "../../usr/lib/sysimage/rpm"), apk]],
  ["a folder that holds none", [link("var/log", "../opt"), apk]],
])("a link by which the database is read all the same (%s) is no problem", async (_, entries) => {
  const sbom = await scan([entries]);
  expect(codes(sbom)).toEqual([]);
  expect(stays(sbom)).toEqual(["a@1-r0 0-"]);
});

it("a link that a later layer replaced by the database is none", async () => {
  const sbom = await scan([[link("var/lib/dpkg/status", "/etc/passwd")], [dpkg("a=1")]]);
  expect(codes(sbom)).toEqual([]);
});

it.each(["var/lib/dpkg/status", "lib/apk/db/installed", "var/lib/rpm/rpmdb.sqlite"])(
  "a device where %s belongs is said",
  async (path) => {
    expect(codes(await scan([[{ path, device: true }]]))).toContain("incomplete package-database-no-file");
  },
);
