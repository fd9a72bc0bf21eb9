import { ecosystems } from "@plimsoll/model";
import { describe, expect, it } from "vitest";
import { fixesFor } from "./fix-command.ts";

describe("fixesFor", () => {
  it.each([
    [
      "deb",
      "libssl3",
      "3.0.14-1~deb12u2",
      "apt-get update && apt-get install -y --only-upgrade libssl3=3.0.14-1~deb12u2",
    ],
    ["apk", "openssl", "3.1.4-r1", "apk add --no-cache --upgrade 'openssl>=3.1.4-r1'"],
    ["rpm", "openssl-libs", "1:3.0.7-27.el9", "dnf upgrade -y openssl-libs-3.0.7-27.el9"],
    ["npm", "@acme/x", "1.2.3", "npm install @acme/x@1.2.3"],
    ["pypi", "Jinja2", "3.1.6", "pip install --upgrade 'Jinja2>=3.1.6'"],
    ["gem", "rack", "2.2.4", "bundle update rack"],
    ["golang", "golang.org/x/net", "0.17.0", "go get golang.org/x/net@v0.17.0"],
    ["maven", "org.a:b", "2.17.1", "set org.a:b to 2.17.1 in pom.xml or build.gradle"],
    ["cargo", "time", "0.2.23", "cargo update -p time --precise 0.2.23"],
    ["nuget", "Newtonsoft.Json", "13.0.1", "dotnet add package Newtonsoft.Json --version 13.0.1"],
    ["composer", "guzzlehttp/psr7", "1.9.1", "composer require 'guzzlehttp/psr7:^1.9.1'"],
  ] as const)("brings %s %s to %s", (...[ecosystem, name, version, command]) => {
    expect(fixesFor([{ ecosystem, name, version }], null).map(({ words }) => words.join(" "))).toEqual([command]);
  });

  it("says how to bring the Go toolchain up", () => {
    const stdlib = { ecosystem: "golang", name: "stdlib", version: "1.21.8", isToolchain: true } as const;
    expect(fixesFor([stdlib], null)).toEqual([{ kind: "text", words: ["build again with Go 1.21.8 or later"] }]);
  });

  it("uses the distro's own manager for rpm", () => {
    const sles = { id: "sles", idLike: [], versionId: "15.5" };
    expect(fixesFor([{ ecosystem: "rpm", name: "curl", version: "8.0-1" }], sles)[0]?.words).toEqual([
      "zypper update -y",
      "curl-8.0-1",
    ]);
  });

  it.each(["$(rm -rf ~)", "a;b", "--global", "-y", "a b", "a'b", "`x`", "a\nb", "a|b", "a&b", "a>b", "$HOME"])(
    "never puts the name %j into a command, in any ecosystem",
    (hostile) => {
      for (const { id: ecosystem } of ecosystems) {
        const fixes = [
          ...fixesFor([{ ecosystem, name: hostile, version: "1" }], null),
          ...fixesFor([{ ecosystem, name: "x", version: hostile }], null),
        ];
        expect(fixes.map(({ kind }) => kind)).toEqual(["text", "text"]);
      }
    },
  );

  it("names a package once however often it was found", () => {
    const lodash = { ecosystem: "npm", name: "lodash", version: "4.17.21" } as const;
    expect(fixesFor([lodash, lodash], null)).toEqual([{ kind: "command", words: ["npm install", "lodash@4.17.21"] }]);
  });
});
