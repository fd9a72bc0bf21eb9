import type { Distro, PackageFact } from "@plimsoll/model";
import { describe, expect, it } from "vitest";
import { toPurl } from "./to-purl.ts";

const distro = (id: string, versionId: string): Distro => ({ id, idLike: [], versionId });
type Id = PackageFact["ecosystem"];
const fact = (
  ecosystem: Id,
  [name, version]: readonly [string, string],
  more: Partial<PackageFact> = {},
): PackageFact => ({
  ecosystem,
  name,
  version,
  kind: "installed",
  ...more,
});

describe("package URLs", () => {
  it.each<readonly [PackageFact, Distro | null, string]>([
    [
      fact("deb", ["curl", "7.88.1-10+deb12u5"], { arch: "amd64" }),
      distro("debian", "12.5"),
      "pkg:deb/debian/curl@7.88.1-10%2Bdeb12u5?arch=amd64&distro=debian-12",
    ],
    [
      fact("deb", ["passwd", "1:4.13-1+b1"], { arch: "amd64", source: { name: "shadow", version: "1:4.13-1" } }),
      distro("ubuntu", "22.04"),
      "pkg:deb/ubuntu/passwd@1:4.13-1%2Bb1?arch=amd64&distro=ubuntu-22.04&upstream=shadow%401:4.13-1",
    ],
    [
      fact("apk", ["ssl_client", "1.36.1-r5"], { arch: "x86_64", source: { name: "busybox", version: "1.36.1-r5" } }),
      distro("alpine", "3.18.9"),
      "pkg:apk/alpine/ssl_client@1.36.1-r5?arch=x86_64&distro=alpine-3.18&upstream=busybox",
    ],
    [fact("deb", ["a", "1"]), null, "pkg:deb/a@1"],
    [
      fact("rpm", ["bash", "1:5.1-2.el9"], { arch: "x86_64" }),
      distro("almalinux", "9.3"),
      "pkg:rpm/almalinux/bash@5.1-2.el9?arch=x86_64&distro=almalinux-9&epoch=1",
    ],
    [
      fact("rpm", ["bash", "5.1-2.el9"]),
      distro("almalinux", "9.3"),
      "pkg:rpm/almalinux/bash@5.1-2.el9?distro=almalinux-9",
    ],
    [fact("deb", ["a", "1"]), distro("mystery", ""), "pkg:deb/mystery/a@1?distro=mystery"],
    [fact("npm", ["@angular/core", "1.0.0"]), null, "pkg:npm/%40angular/core@1.0.0"],
    [fact("npm", ["left-pad", "1.0.0"]), distro("debian", "12"), "pkg:npm/left-pad@1.0.0"],
    [fact("maven", ["org.apache:commons", "1.0"]), null, "pkg:maven/org.apache/commons@1.0"],
    [fact("golang", ["github.com/moby/sys/user", "v0.1.0"]), null, "pkg:golang/github.com/moby/sys/user@v0.1.0"],
    [fact("golang", ["Go", "1.24.6"], { role: "toolchain" }), null, "pkg:golang/stdlib@1.24.6"],
    [fact("golang", ["example.com", ""], { role: "main" }), null, "pkg:golang/example.com"],
    [fact("pypi", ["Example_Thing", "1.0"]), null, "pkg:pypi/example-thing@1.0"],
    [
      fact("gem", ["nokogiri", "1.15.0"], { qualifiers: { platform: "x86_64-linux" } }),
      null,
      "pkg:gem/nokogiri@1.15.0?platform=x86_64-linux",
    ],
  ])("%o in %o", (...[one, where, expected]) => {
    expect(toPurl(one, where)).toBe(expected);
  });
});
