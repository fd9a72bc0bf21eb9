import { defaultLimits } from "@plimsoll/kit";
import { describe, expect, it } from "vitest";
import { analyze } from "./analyze.ts";
import { type FakeEntry, fakeDiffId, fakeTree } from "./testing/fake-source.ts";
import { dpkg, type Layers, npm, only, scan, stays } from "./testing/scan.ts";

describe("which layer brought a package", () => {
  it.each<readonly [string, Layers, readonly string[]]>([
    [
      "the first that has it, though later ones rewrite the database",
      [[dpkg("a=1")], [dpkg("a=1", "b=1")], [dpkg("a=1", "b=1")]],
      ["a@1 0-", "b@1 1-"],
    ],
    [
      "the one that changed its version; the old one is kept as removed",
      [[dpkg("a=1")], [dpkg("a=2")]],
      ["a@1 0-1", "a@2 1-"],
    ],
    ["removed from the database", [[dpkg("a=1", "b=1")], [dpkg("b=1")]], ["a@1 0-1", "b@1 0-"]],
    ["removed and brought back", [[dpkg("a=1")], [dpkg()], [dpkg("a=1")]], ["a@1 2-", "a@1 0-1"].sort()],
    ["deleted with its file", [[npm("app", "x", "1")], [{ whiteout: "app/node_modules/x" }]], ["x@1 0-1"]],
    ["hidden by an opaque folder", [[npm("app", "x", "1")], [{ path: "app/" }, { opaque: "app" }]], ["x@1 0-1"]],
    ["hidden by a file in place of a folder", [[npm("app", "x", "1")], [{ path: "app", body: "" }]], ["x@1 0-1"]],
    [
      "hidden by a folder in place of its file",
      [[npm("app", "x", "1")], [{ path: "app/node_modules/x/package.json/" }]],
      ["x@1 0-1"],
    ],
    [
      "a copy of all files by chown changes nothing",
      [[npm("app", "x", "1")], [{ path: "app/" }, npm("app", "x", "1")]],
      ["x@1 0-"],
    ],
    [
      "a whiteout spares its own layer",
      [[npm("app", "x", "1")], [{ whiteout: "app" }, npm("app", "x", "1")]],
      ["x@1 0-"],
    ],
    [
      "a language package moved is another",
      [[npm("a", "x", "1")], [{ whiteout: "a" }, npm("b", "x", "1")]],
      ["x@1 0-1", "x@1 1-"],
    ],
  ])("%s", async (...[, layers, expected]) => {
    expect(stays(await scan(layers)).sort()).toEqual([...expected].sort());
  });

  it("knows the database under the name it has in each layer (merged-usr)", async () => {
    const body = "P:a\nV:1\n\n";
    const merged = [
      { path: "lib", symlink: "usr/lib" },
      { path: "usr/lib/apk/db/installed", body },
    ];
    const moved = await scan([[{ path: "lib/apk/db/installed", body }], merged]);
    expect(stays(moved)).toEqual(["a@1 0-"]);
    expect(only(moved).locations).toEqual([{ path: "usr/lib/apk/db/installed", layer: fakeDiffId(1) }]);
    const through = await scan([merged, [{ path: "lib/apk/db/installed", body: `${body}P:b\nV:1\n` }]]);
    expect(stays(through)).toEqual(["a@1 0-", "b@1 1-"]);
    expect(through.packages[0]?.locations[0]?.path).toBe("usr/lib/apk/db/installed");
  });

  it("leaves a symlink's target alone when a layer puts an opaque folder in the link's place", async () => {
    const layers: Layers = [
      [
        { path: "lib", symlink: "usr/lib" },
        { path: "usr/lib/apk/db/installed", body: "P:a\nV:1\n" },
      ],
      [{ path: "lib/" }, { opaque: "lib" }, { path: "lib/x", body: "" }],
    ];
    expect(stays(await scan(layers))).toEqual(["a@1 0-"]);
  });

  it("reads distroless images, one file a package", async () => {
    const file = (name: string): FakeEntry => ({
      path: `var/lib/dpkg/status.d/${name}`,
      body: `Package: ${name}\nVersion: 1\nArchitecture: amd64\n`,
    });
    const sbom = await scan([
      [file("a"), file("b")],
      [{ whiteout: "var/lib/dpkg/status.d/b" }, file("c")],
    ]);
    expect(stays(sbom)).toEqual(["a@1 0-", "b@1 0-1", "c@1 1-"]);
    expect(sbom.packages[0]?.locations[0]?.path).toBe("var/lib/dpkg/status.d/a");
  });

  it("says nothing of layers for a directory", async () => {
    const sbom = await analyze(fakeTree([dpkg("a=1")]), { limits: defaultLimits });
    expect(only(sbom)).toMatchObject({ introducedIn: null, locations: [{ path: "var/lib/dpkg/status", layer: null }] });
    expect(sbom.image).toBeNull();
  });
});

describe("the document", () => {
  it("is the same in every run, sorted, with ids that tell every stay apart", async () => {
    const layers: Layers = [
      [dpkg("b=1", "a=1"), npm("z", "x", "1"), npm("a", "x", "1")],
      [dpkg("a=1")],
      [dpkg("a=1", "b=1")],
      [dpkg("a=1")],
    ];
    const [one, two] = [await scan(layers), await scan(layers)];
    expect(JSON.stringify(one)).toBe(JSON.stringify(two));
    expect(one.packages.map(({ name, locations }) => `${name} ${locations[0]?.path}`)).toEqual([
      "a var/lib/dpkg/status",
      "b var/lib/dpkg/status",
      "b var/lib/dpkg/status",
      "x a/node_modules/x/package.json",
      "x z/node_modules/x/package.json",
    ]);
    expect(new Set(one.packages.map(({ id }) => id)).size).toBe(one.packages.length);
  });

  it("names the catalogers that ran", async () => {
    const { catalogers } = await scan([[]]);
    expect(catalogers.map(({ name }) => name)).toContain("dpkg-db-cataloger");
    expect(catalogers).toEqual([...catalogers].sort((a, b) => (a.name < b.name ? -1 : 1)));
  });

  it("takes an OS package's licences from its documentation", async () => {
    const text =
      "Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\n\nFiles: *\nLicense: MIT\n";
    const sbom = await scan([[dpkg("a=1"), { path: "usr/share/doc/a/copyright", body: text }]]);
    expect(only(sbom).licenses).toEqual(["MIT"]);
  });
});
