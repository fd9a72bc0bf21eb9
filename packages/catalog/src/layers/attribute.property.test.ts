import { defaultLimits } from "@plimsoll/kit";
import type { PackageFact } from "@plimsoll/model";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { analyze } from "../analyze.ts";
import type { Cataloger } from "../cataloger.ts";
import { type FakeEntry, fakeDiffId, fakeImage } from "../testing/fake-source.ts";
import { type Node, unpackPlainly } from "../testing/unpack-plainly.ts";

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
    tree = unpackPlainly(tree, layer);
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
  const marks = entries.filter((one) => isMarkAllowed(one, names) && !isBelowFile(markOf(one)));
  return [...kept.sort(byPath), ...marks.filter((one) => !isInWhiteout(one, marks))];
}

/** What is deleted has nothing left in it to be deleted. */
function isInWhiteout(one: FakeEntry, marks: readonly FakeEntry[]): boolean {
  const path = "opaque" in one ? `${one.opaque}/` : markOf(one);
  return marks.some((mark) => "whiteout" in mark && path.startsWith(`${mark.whiteout}/`));
}

function markOf(entry: FakeEntry): string {
  if ("whiteout" in entry) return entry.whiteout;
  return "opaque" in entry ? entry.opaque : "";
}

/** A deleted name is not written again in the same layer; an opaque folder has an entry of its own, or none at all. */
function isMarkAllowed(entry: FakeEntry, names: ReadonlyMap<string, FakeEntry>): boolean {
  const there = names.get(markOf(entry));
  const isWritten = there !== undefined || [...names.keys()].some((name) => name.startsWith(`${markOf(entry)}/`));
  if ("whiteout" in entry) return !isWritten;
  return "opaque" in entry && (there === undefined || ("path" in there && there.path.endsWith("/")));
}

function byPath(a: FakeEntry, b: FakeEntry): number {
  return "path" in a && "path" in b && a.path < b.path ? -1 : 1;
}

describe("attribution", () => {
  it("agrees with unpacking every layer and looking at what is there", async () => {
    const stacks = fc.array(fc.array(entry, { maxLength: 6 }).map(tidy), { minLength: 1, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(stacks, async (layers) => {
        expect(await ourStays(layers)).toEqual(plainStays(layers));
      }),
      { numRuns: 2000 },
    );
  }, 200_000);
});
