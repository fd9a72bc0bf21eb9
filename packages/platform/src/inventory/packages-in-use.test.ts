import type { EcosystemId, Package } from "@plimsoll/model";
import { describe, expect, it } from "vitest";
import { packagesInUse } from "./packages-in-use.ts";

function pkg(id: string, purl: string, more: Partial<Package> = {}): Package {
  const ecosystem = (/^pkg:(\w+)/.exec(purl)?.[1] ?? "") as EcosystemId;
  const [, name = "", version = ""] = /([^/]+)@([^?]+)/.exec(purl) ?? [];
  const plain = { kind: "installed", locations: [], introducedIn: null, foundBy: "test" } as const;
  return { id, ecosystem, name, version, purl, ...plain, ...more };
}

const at = (path: string) => ({ locations: [{ path, layer: null }] });
const removed = { removedIn: `sha256:${"a".repeat(64)}` } as Partial<Package>;

const packages: readonly Package[] = [
  pkg("ssl", "pkg:deb/debian/libssl3@3.0.11-1?arch=amd64&distro=debian-12", at("var/lib/dpkg/status")),
  pkg("ssl-arm", "pkg:deb/debian/libssl3@3.0.11-1?arch=arm64&distro=debian-12", at("var/lib/dpkg/status")),
  pkg("requests", "pkg:pypi/requests-oauth@2.0", at("usr/lib/python3/requests_oauth-2.0.dist-info/METADATA")),
  pkg("outer", "pkg:npm/express@4.0.0", at("app/node_modules/express/package.json")),
  pkg("inner", "pkg:npm/qs@1.0.0", at("app/node_modules/express/node_modules/qs/package.json")),
  pkg("locked", "pkg:npm/left-pad@1.0.0", { kind: "declared", ...at("app/package-lock.json") }),
  pkg("jar", "pkg:maven/org.example/core@1.2", at("app/lib/core.jar")),
  pkg("shaded", "pkg:maven/org.example/util@1.3", at("app/lib/core.jar:lib/util.jar")),
  pkg("main", "pkg:golang/example.org/tool@v1.0.0", at("usr/bin/tool")),
  pkg("module", "pkg:golang/golang.org/x/net@v0.1.0", at("usr/bin/tool")),
  pkg("gone", "pkg:npm/gone@1.0.0", { ...at("app/node_modules/gone/package.json"), ...removed }),
];

describe("packages in use", () => {
  it.each([
    ["a package URL with its qualifiers", { purls: ["pkg:deb/debian/libssl3@3.0.11-1?arch=amd64"] }, ["ssl"]],
    ["one without them: each that it names", { purls: ["pkg:deb/debian/libssl3@3.0.11-1"] }, ["ssl", "ssl-arm"]],
    ["another distro's", { purls: ["pkg:deb/ubuntu/libssl3@3.0.11-1"] }, []],
    ["another version's", { purls: ["pkg:npm/qs@1.0.1"] }, []],
    ["one without a version", { purls: ["pkg:npm/qs"] }, []],
    ["no package URL at all", { purls: ["qs@1.0.0", "pkg:npm/%E0%A4%A@1"] }, []],
    ["Python's spellings of one name", { purls: ["pkg:pypi/Requests_OAuth@2.0"] }, ["requests"]],
    ["name and version", { names: [{ name: "qs", version: "1.0.0" }] }, ["inner"]],
    ["name and version of another kind", { names: [{ name: "qs", version: "1.0.0", type: "deb" }] }, []],
    ["a file of an npm package", { paths: ["/app/node_modules/express/lib/router.js"] }, ["outer"]],
    ["a file of one inside it", { paths: ["app/node_modules/express/node_modules/qs/lib/parse.js"] }, ["inner"]],
    ["a file of one that is not known", { paths: ["app/node_modules/express/node_modules/odd/index.js"] }, []],
    ["a jar, but not what is inside", { paths: ["/app/lib/core.jar"] }, ["jar"]],
    ["what is inside a jar", { paths: ["/app/lib/core.jar:lib/util.jar"] }, ["shaded"]],
    ["a program: all its modules", { paths: ["./usr/bin/tool"] }, ["main", "module"]],
    ["the database of packages", { paths: ["/var/lib/dpkg/status"] }, []],
    ["a lock file", { paths: ["/app/package-lock.json"] }, []],
    [
      "a package that a later layer removed",
      { purls: ["pkg:npm/gone@1.0.0"], paths: ["app/node_modules/gone/x.js"] },
      [],
    ],
  ])("are told by %s", (_, loaded, expected) => {
    expect([...packagesInUse(packages, { purls: [], paths: [], names: [], ...loaded })].sort()).toEqual(expected);
  });
});
