import { readFileSync } from "node:fs";
import { join } from "node:path";
import { defaultLimits } from "@plimsoll/kit";
import { describe, expect, it } from "vitest";
import { analyze } from "../analyze.ts";
import { fakeTree } from "../testing/fake-source.ts";
import { distroRelease } from "./cataloger.ts";

const debian12 = 'ID=debian\nVERSION_ID="12"\nVERSION_CODENAME=bookworm\n';

async function distroOf(files: Readonly<Record<string, string>>): Promise<unknown> {
  const entries = Object.entries(files).map(([path, body]) => ({ path, body }));
  const { distro } = await analyze(fakeTree(entries), { limits: defaultLimits, catalogers: [distroRelease] });
  return distro === null ? null : [distro.id, distro.versionId, distro.codename ?? ""].join(" ");
}

describe("which distribution this is", () => {
  it("reads os-release as a shell would", () => {
    const bytes = readFileSync(join(import.meta.dirname, "testdata", "os-release"));
    expect(distroRelease.parse({ path: "etc/os-release", bytes }).distro?.value).toEqual({
      id: "example",
      idLike: ["debian", "ubuntu"],
      versionId: "12",
      codename: "bookworm",
      prettyName: 'Example "GNU"/Linux 12 (bookworm)',
    });
  });

  it.each([
    ["nothing", {}, null],
    ["Debian's point release", { "etc/os-release": debian12, "etc/debian_version": "12.5\n" }, "debian 12.5 bookworm"],
    [
      "another distro's debian_version",
      { "etc/os-release": "ID=ubuntu\nVERSION_ID=24.04\n", "etc/debian_version": "trixie/sid\n" },
      "ubuntu 24.04 ",
    ],
    ["Debian unstable", { "etc/os-release": "ID=debian\n", "etc/debian_version": "forky/sid\n" }, "debian  forky"],
    ["Debian before os-release", { "etc/debian_version": "6.0.10\n" }, "debian 6.0.10 "],
    [
      "a codename in VERSION only",
      { "etc/os-release": 'ID=debian\nVERSION_ID="8"\nVERSION="8 (jessie)"\n' },
      "debian 8 jessie",
    ],
    ["usr/lib when etc is gone", { "usr/lib/os-release": debian12 }, "debian 12 bookworm"],
    [
      "etc before usr/lib",
      { "usr/lib/os-release": debian12, "etc/os-release": "ID=kali\nVERSION_ID=2024.1\n" },
      "kali 2024.1 ",
    ],
    [
      "Alpine",
      { "etc/os-release": "ID=alpine\nVERSION_ID=3.18.9\n", "etc/alpine-release": "3.18.9\n" },
      "alpine 3.18.9 ",
    ],
    ["Alpine before os-release", { "etc/alpine-release": "2.6.6\n" }, "alpine 2.6.6 "],
    [
      "Ubuntu before os-release",
      {
        "etc/lsb-release": "DISTRIB_ID=Ubuntu\nDISTRIB_RELEASE=10.04\nDISTRIB_CODENAME=lucid\n",
        "etc/debian_version": "squeeze/sid\n",
      },
      "ubuntu 10.04 lucid",
    ],
    ["CentOS 5", { "etc/redhat-release": "CentOS release 5.11 (Final)\n" }, "centos 5.11 "],
    [
      "CentOS 7's full release",
      {
        "etc/os-release": 'ID="centos"\nVERSION_ID="7"\n',
        "etc/centos-release": "CentOS Linux release 7.9.2009 (Core)\n",
      },
      "centos 7.9 ",
    ],
    ["Red Hat 6", { "etc/redhat-release": "Red Hat Enterprise Linux Server release 6.5 (Santiago)\n" }, "rhel 6.5 "],
    [
      "a rebuild's own file",
      {
        "etc/redhat-release": "Red Hat Enterprise Linux Server release 5.11\n",
        "etc/oracle-release": "Oracle Linux Server release 5.11\n",
      },
      "ol 5.11 ",
    ],
    [
      "SLES 11",
      { "etc/SuSE-release": "SUSE Linux Enterprise Server 11 (x86_64)\nVERSION = 11\nPATCHLEVEL = 4\n" },
      "sles 11.4 ",
    ],
    ["no ID at all", { "etc/os-release": "NAME=Thing\nVERSION_ID=1\n" }, null],
    ["an ID with a path in it", { "etc/os-release": "ID=../../x\n" }, null],
  ])("%s", async (_, files, expected) => {
    expect(await distroOf(files)).toBe(expected);
  });
});
