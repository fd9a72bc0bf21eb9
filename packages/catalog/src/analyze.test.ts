import { defaultLimits, type Limits } from "@plimsoll/kit";
import type { Package, Sbom } from "@plimsoll/model";
import { describe, expect, it } from "vitest";
import { type AnalyzeOptions, analyze } from "./analyze.ts";
import type { Cataloger } from "./cataloger.ts";
import { type FakeEntry, type FakeImageOptions, fakeDiffId, fakeImage, fakeTree } from "./testing/fake-source.ts";

type Layers = readonly (readonly FakeEntry[])[];

const scan = (layers: Layers, options: Partial<AnalyzeOptions> & FakeImageOptions = {}): Promise<Sbom> =>
  analyze(fakeImage(layers, options), { limits: defaultLimits, ...options });
const limited = (limits: Partial<Limits>) => ({ limits: { ...defaultLimits, ...limits } });

const dpkg = (...words: readonly string[]): FakeEntry => ({
  path: "var/lib/dpkg/status",
  body: words
    .map(
      (word) =>
        `Package: ${word.split("=")[0]}\nStatus: install ok installed\nArchitecture: amd64\nVersion: ${word.split("=")[1]}\n\n`,
    )
    .join(""),
});
const npm = (folder: string, name: string, version: string): FakeEntry => ({
  path: `${folder}/node_modules/${name}/package.json`,
  body: JSON.stringify({ name, version }),
});

/** `name@version introduced-removed`, layers by number. */
function stays({ packages }: Sbom): string[] {
  const number = (pkg: string | null | undefined): string => {
    const index = [0, 1, 2, 3, 4].find((one) => fakeDiffId(one) === pkg);
    return index === undefined ? "" : String(index);
  };
  return packages.map((pkg) => `${pkg.name}@${pkg.version} ${number(pkg.introducedIn)}-${number(pkg.removedIn)}`);
}

const codes = ({ problems }: Sbom): string[] => problems.map(({ level, code }) => `${level} ${code}`);
const only = ({ packages }: Sbom): Package => {
  expect(packages).toHaveLength(1);
  return packages[0] as Package;
};

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

describe("hard links", () => {
  const body = JSON.stringify({ name: "x", version: "1" });
  const link: FakeEntry = { path: "app/node_modules/x/package.json", hardlink: "store/ab" };

  it.each([{ noHints: false }, { noHints: true }])(
    "are read in a second pass when the body has another name (%o)",
    async (options) => {
      const layers: Layers = [[dpkg("a=1")], [{ path: "store/ab", body }, link], [npm("b", "y", "2")]];
      const sbom = await scan(layers, options);
      expect(stays(sbom)).toEqual(["a@1 0-", "x@1 1-", "y@2 2-"]);
      expect(sbom.problems).toEqual([]);
    },
  );

  it("share what was found under the first name", async () => {
    const second: FakeEntry = { path: "b/node_modules/x/package.json", hardlink: "app/node_modules/x/package.json" };
    const sbom = await scan([[npm("app", "x", "1"), second], [{ whiteout: "app" }]]);
    expect(stays(sbom).sort()).toEqual(["x@1 0-", "x@1 0-1"]);
  });

  it.each<readonly [string, readonly FakeEntry[], Partial<Limits>]>([
    ["its body is in no layer", [link], {}],
    ["its body is too large", [{ path: "store/ab", body }, link], { fileBytes: 5 }],
  ])("never vanish: %s", async (...[, entries, limits]) => {
    expect(codes(await scan([entries], limited(limits)))).toContain("incomplete hard-link-unread");
  });

  it("need no second pass when their body was looked at, however they are chained", async () => {
    const script: FakeEntry = { path: "bin/a", mode: 0o755, body: "#!/bin/sh\n" };
    const links: FakeEntry[] = [
      { path: "bin/b", mode: 0o755, hardlink: "bin/a" },
      { path: "bin/c", mode: 0o755, hardlink: "bin/b" },
    ];
    expect(codes(await scan([[script, ...links]]))).toEqual(["note no-packages"]);
    const chained: FakeEntry = { path: "b/node_modules/x/package.json", hardlink: "app/node_modules/x/package.json" };
    expect(stays(await scan([[{ path: "store/ab", body }, link, chained]]))).toEqual(["x@1 0-", "x@1 0-"]);
  });

  it("are read in directories too", async () => {
    const sbom = await analyze(fakeTree([{ path: "store/ab", body }, link]), { limits: defaultLimits });
    expect(only(sbom).name).toBe("x");
  });
});

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

  it("makes what cannot be read in a file of the distro's a note", async () => {
    const jar: FakeEntry = { path: "usr/share/java/x.jar", body: "this is not a zip file at all" };
    const list: FakeEntry = { path: "var/lib/dpkg/info/libx-java.list", body: "/usr/share/java/x.jar\n" };
    expect(codes(await scan([[jar]]))).toContain("incomplete archive-unreadable");
    expect(codes(await scan([[dpkg("libx-java=1"), list, jar]]))).toContain("note archive-unreadable");
  });
});

describe("what could not be read", () => {
  const failing: Cataloger = {
    name: "failing-cataloger",
    version: 1,
    tags: ["language"],
    select: ({ path }) => (path.endsWith(".bad") ? "body" : "ignore"),
    parse() {
      throw new TypeError("no such thing\nat all");
    },
  };

  it("a cataloger's failure costs its file only", async () => {
    const { dpkgDb } = await import("./dpkg-db/cataloger.ts");
    const sbom = await scan([[{ path: "x.bad", body: "" }, dpkg("a=1")]], { catalogers: [failing, dpkgDb] });
    expect(stays(sbom)).toEqual(["a@1 0-"]);
    expect(sbom.problems).toMatchObject([
      { level: "incomplete", code: "cataloger-failed", path: "x.bad", layer: fakeDiffId(0) },
    ]);
    expect(sbom.problems[0]?.message).toBe("failing-cataloger failed: no such thing at all");
  });

  it("a file is read at the size limit and reported one byte above", async () => {
    const jar: FakeEntry = { path: "a.jar", body: Buffer.alloc(100) };
    expect(codes(await scan([[jar]], limited({ fileBytes: 100 })))).not.toContain("incomplete file-too-large");
    expect(codes(await scan([[jar]], limited({ fileBytes: 99 })))).toContain("incomplete file-too-large");
    const binary: FakeEntry = {
      path: "bin/x",
      mode: 0o755,
      body: Buffer.concat([Buffer.from([0xcf, 0xfa, 0xed, 0xfe]), Buffer.alloc(96)]),
    };
    expect(codes(await scan([[binary]], limited({ fileBytes: 99 })))).toContain("incomplete file-too-large");
    const script: FakeEntry = { path: "bin/y", mode: 0o755, body: "#!/bin/sh\n".padEnd(100) };
    expect(codes(await scan([[script]], limited({ fileBytes: 99 })))).not.toContain("incomplete file-too-large");
  });

  it("a file that a later layer took away is a note", async () => {
    const jar: FakeEntry = { path: "a.jar", body: Buffer.alloc(100) };
    const sbom = await scan([[jar], [{ whiteout: "a.jar" }]], limited({ fileBytes: 99 }));
    expect(codes(sbom)).toContain("note file-too-large");
  });

  it("a layer that breaks off keeps what was read of it, with the source's problem", async () => {
    const sbom = await scan([[dpkg("a=1")], [npm("app", "x", "1")]], { broken: [1] });
    expect(stays(sbom)).toEqual(["a@1 0-", "x@1 1-"]);
    expect(codes(sbom)).toEqual(["incomplete layer-truncated"]);
    const unknown = await scan([[dpkg("a=1")], [npm("app", "x", "1")]], { broken: [1], noHints: true });
    expect(codes(unknown)).toContain("incomplete layer-not-read");
  });

  it("more packages than the limit are cut, and said to be", async () => {
    expect((await scan([[dpkg("a=1", "b=1")]], limited({ packages: 2 }))).problems).toEqual([]);
    const sbom = await scan([[dpkg("a=1", "b=1", "c=1")]], limited({ packages: 2 }));
    expect(sbom.packages).toHaveLength(2);
    expect(codes(sbom)).toEqual(["incomplete too-many-packages"]);
  });

  it("an empty source is said to be empty", async () => {
    expect(codes(await scan([[]]))).toEqual(["note no-packages"]);
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
