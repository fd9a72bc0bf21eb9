import { describe, expect, it } from "vitest";
import { packageSample } from "../../../test/samples.ts";
import { distroMatcher } from "./matcher.ts";

const keys = (rest: Parameters<typeof packageSample>[0]) =>
  distroMatcher
    .keys(packageSample(rest), "x")
    .map(({ name, version, via, nameKind }) => [name, version, via, nameKind]);

describe("the distro matcher", () => {
  it("asks by binary name and by source name, each with its version", () => {
    expect(
      keys({ ecosystem: "deb", name: "libssl3", version: "3-1+b1", source: { name: "openssl", version: "3-1" } }),
    ).toEqual([
      ["libssl3", "3-1+b1", "direct", "binary"],
      ["openssl", "3-1", "source", "source"],
    ]);
  });

  it("takes a package without a named source as its own source", () => {
    expect(keys({ ecosystem: "apk", name: "busybox", version: "1.36" })).toEqual([
      ["busybox", "1.36", "direct", "binary"],
      ["busybox", "1.36", "direct", "source"],
    ]);
    expect(
      keys({ ecosystem: "apk", name: "ssl_client", version: "1.36", source: { name: "busybox", version: "" } })[1],
    ).toEqual(["busybox", "1.36", "source", "source"]);
  });

  it("gives an rpm's source the epoch that its file name cannot say", () => {
    const source = { name: "openssl", version: "3.0.7-1.el9" };
    expect(keys({ ecosystem: "rpm", name: "openssl-libs", version: "1:3.0.7-1.el9", source })[1]?.[1]).toBe(
      "1:3.0.7-1.el9",
    );
    expect(keys({ ecosystem: "deb", name: "openssl-libs", version: "1:3.0.7-1", source })[1]?.[1]).toBe("3.0.7-1.el9");
  });

  it("speaks only for OS packages, under the release that the distro's advisories name", () => {
    const pkg = packageSample({ ecosystem: "apk" });
    expect(distroMatcher.appliesTo(pkg)).toBe(true);
    expect(distroMatcher.appliesTo(packageSample())).toBe(false);
    expect(distroMatcher.ecosystem(pkg, { id: "alpine", idLike: [], versionId: "3.18.9" })).toBe("alpine:3.18");
    expect(distroMatcher.ecosystem(pkg, { id: "myos", idLike: ["debian"], versionId: "1" })).toBeNull();
    expect(distroMatcher.ecosystem(pkg, null)).toBeNull();
    const centos = { id: "centos", idLike: ["rhel"], versionId: "7", prettyName: "CentOS Linux 7 (Core)" };
    expect(distroMatcher.ecosystem(packageSample({ ecosystem: "rpm" }), centos)).toBe("rhel:7");
  });
});
