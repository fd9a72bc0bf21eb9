import { defaultLimits } from "@plimsoll/kit";
import type { PackageFact } from "@plimsoll/model";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { analyze } from "../analyze.ts";
import type { Cataloger } from "../cataloger.ts";
import { type FakeEntry, fakeDiffId, fakeImage } from "../testing/fake-source.ts";

/** Every file named `db` lists `name=version` words; names that start with "js" are language packages. */
const toyDb = {
  name: "toy-cataloger",
  version: 1,
  tags: ["os", "installed"],
  select: (entry) => (isDb(entry.path) ? "body" : "ignore"),
  parse: (file) => ({ packages: wordsOf(Buffer.from(file.bytes).toString()) }),
} satisfies Cataloger;

const isDb = (path: string): boolean => /(?:^|\/)(?:db|db2)$/.test(path);

function wordsOf(text: string): PackageFact[] {
  return text
    .split(" ")
    .filter((word) => word.includes("="))
    .map((word) => {
      const [name = "", version = ""] = word.split("=");
      return { ecosystem: name.startsWith("js") ? "npm" : "deb", name, version, kind: "installed" };
    });
}

/** The plain way: unpack each layer over the last as a container engine does, then look at what is there. */
type Node = { kind: "file"; text: string } | { kind: "folder" } | { kind: "symlink"; target: string };

function applyPlainly(below: ReadonlyMap<string, Node>, layer: readonly FakeEntry[]): Map<string, Node> {
  const tree = new Map(below);
  const remove = (path: string): void => {
    for (const one of [...tree.keys()]) if (one === path || one.startsWith(`${path}/`)) tree.delete(one);
  };
  const place = (path: string): string => {
    const segments = path.split("/");
    const last = segments.pop() ?? "";
    let where = "";
    for (const segment of segments) {
      const next = where === "" ? segment : `${where}/${segment}`;
      const node = tree.get(next);
      if (node?.kind === "symlink") where = node.target.slice(1);
      else {
        if (node?.kind === "file") remove(next);
        tree.set(next, { kind: "folder" });
        where = next;
      }
    }
    return where === "" ? last : `${where}/${last}`;
  };
  const entries = layer.filter((entry) => "path" in entry);
  // Folders with an entry of their own come first in our layers, as in any real archive, then the marks.
  for (const entry of entries.filter(({ path }) => path.endsWith("/"))) {
    const path = place(entry.path.slice(0, -1));
    if ((tree.get(path)?.kind ?? "folder") !== "folder") remove(path);
    tree.set(path, { kind: "folder" });
  }
  for (const entry of layer) {
    if ("whiteout" in entry) remove(place(entry.whiteout));
    if ("opaque" in entry) {
      const folder = place(`${entry.opaque}/x`).slice(0, -2);
      for (const one of [...tree.keys()]) if (one.startsWith(`${folder}/`)) tree.delete(one);
    }
  }
  for (const entry of entries.filter(({ path }) => !path.endsWith("/"))) {
    const path = place(entry.path);
    remove(path);
    if ("symlink" in entry) tree.set(path, { kind: "symlink", target: entry.symlink });
    else if ("body" in entry) tree.set(path, { kind: "file", text: String(entry.body) });
  }
  return tree;
}

function plainKeys(tree: ReadonlyMap<string, Node>): Set<string> {
  const keys = new Set<string>();
  for (const [path, node] of tree) {
    if (node.kind !== "file" || !isDb(path)) continue;
    for (const { ecosystem, name, version } of wordsOf(node.text)) {
      keys.add([ecosystem, name, version, ecosystem === "npm" ? path : ""].join(" "));
    }
  }
  return keys;
}

function plainStays(layers: readonly (readonly FakeEntry[])[]): string[] {
  let tree = new Map<string, Node>();
  const since = new Map<string, number>();
  const stays: string[] = [];
  for (const [index, layer] of layers.entries()) {
    tree = applyPlainly(tree, layer);
    const now = plainKeys(tree);
    for (const [key, start] of [...since]) {
      if (now.has(key)) continue;
      stays.push(`${key} ${start}-${index}`);
      since.delete(key);
    }
    for (const key of now) if (!since.has(key)) since.set(key, index);
  }
  return [...stays, ...[...since].map(([key, start]) => `${key} ${start}-`)].sort();
}

async function ourStays(layers: readonly (readonly FakeEntry[])[]): Promise<string[]> {
  const sbom = await analyze(fakeImage(layers), { limits: defaultLimits, catalogers: [toyDb] });
  const index = new Map(layers.map((_, position) => [fakeDiffId(position), String(position)]));
  return sbom.packages
    .map((pkg) => {
      const path = pkg.ecosystem === "npm" ? (pkg.locations[0]?.path ?? "") : "";
      const removed = pkg.removedIn === undefined ? "" : index.get(pkg.removedIn);
      const introduced = pkg.introducedIn === null ? "" : index.get(pkg.introducedIn);
      return `${[pkg.ecosystem, pkg.name, pkg.version, path].join(" ")} ${introduced}-${removed}`;
    })
    .sort();
}

const folder = fc.constantFrom("lib", "usr", "usr/lib", "app", "app/lib", "app/lib/deep", "lib/deep");
const dbPath = fc.tuple(folder, fc.constantFrom("db", "db2")).map((parts) => parts.join("/"));
const words = fc
  .uniqueArray(fc.constantFrom("a=1", "a=2", "b=1", "js=1", "js=2"), { maxLength: 3 })
  .map((list) => list.join(" "));
const entry: fc.Arbitrary<FakeEntry> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ path: dbPath, body: words }) },
  { weight: 2, arbitrary: folder.map((path) => ({ path: `${path}/` })) },
  { weight: 1, arbitrary: fc.record({ path: folder, body: fc.constant("plain") }) },
  { weight: 1, arbitrary: dbPath.map((path) => ({ path: `${path}/` })) },
  { weight: 1, arbitrary: dbPath.map((path) => ({ path: `${path}/below`, body: "plain" })) },
  { weight: 2, arbitrary: fc.oneof(folder, dbPath).map((whiteout) => ({ whiteout })) },
  { weight: 1, arbitrary: folder.map((opaque) => ({ opaque })) },
  { weight: 1, arbitrary: fc.constantFrom({ path: "lib", symlink: "/usr/lib" }, { path: "app", symlink: "/usr" }) },
);

/**
 * Archives as engines write them: each name once, nothing below a name that is a file or link in the same layer, no
 * file under two names of one folder (so: one top folder a layer, symlinks and marks apart).
 */
function tidy(entries: readonly FakeEntry[]): FakeEntry[] {
  const names = new Map<string, FakeEntry>();
  const top = entries.flatMap((one) => ("path" in one && !("symlink" in one) ? [one.path.split("/")[0]] : []))[0];
  for (const one of entries) {
    const fits = "path" in one && ("symlink" in one || one.path.split("/")[0] === top);
    if (fits) names.set(one.path.replace(/\/$/, ""), one);
  }
  const isBelowFile = (path: string): boolean =>
    [...names].some(([name, one]) => "path" in one && !one.path.endsWith("/") && path.startsWith(`${name}/`));
  const kept = [...names].filter(([name]) => !isBelowFile(name)).map(([, one]) => one);
  const marks = entries.filter((one) => {
    const path = "whiteout" in one ? one.whiteout : "opaque" in one ? one.opaque : null;
    return path !== null && !names.has(path) && !isBelowFile(path);
  });
  const opaqueHere = entries.filter(
    (one) => "opaque" in one && names.get(one.opaque) !== undefined && !isBelowFile(one.opaque),
  );
  const folders = kept.filter((one) => "path" in one && one.path.endsWith("/"));
  const sorted = folders.sort((a, b) => ("path" in a && "path" in b && a.path < b.path ? -1 : 1));
  return [
    ...sorted,
    ...marks,
    ...opaqueHere.filter((one) => "opaque" in one && isFolder(names.get(one.opaque))),
    ...kept.filter((one) => !folders.includes(one)),
  ];
}

function isFolder(one: FakeEntry | undefined): boolean {
  return one !== undefined && "path" in one && one.path.endsWith("/");
}

describe("attribution", () => {
  it("agrees with unpacking every layer and looking at what is there", async () => {
    const stacks = fc.array(fc.array(entry, { maxLength: 6 }).map(tidy), { minLength: 1, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(stacks, async (layers) => {
        expect(await ourStays(layers)).toEqual(plainStays(layers));
      }),
      { numRuns: 3000 },
    );
  }, 60_000);
});
