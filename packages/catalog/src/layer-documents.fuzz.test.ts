import { zstdCompressSync } from "node:zlib";
import { ecosystems } from "@plimsoll/model";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { catalogers } from "./catalogers.ts";
import { joinLayers, readLayerDocument } from "./layer-documents.ts";
import { fakeDiffId } from "./testing/fake-source.ts";

// What another program sends need not be what any layer could hold.
const word = fc.oneof(
  fc.constantFrom(
    "",
    "a",
    "b",
    "/",
    "..",
    "a/b",
    "usr/lib",
    "lib",
    "__proto__",
    "constructor",
    "\0",
    "%2f",
    "\ud800",
    "é",
  ),
  fc.string({ maxLength: 12 }),
);
const few = <T>(of: fc.Arbitrary<T>) => fc.array(of, { maxLength: 4 });
const pair = fc.tuple(word, word);
const maybe = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: undefined });
const pkg = fc.record({
  ecosystem: fc.constantFrom(...ecosystems.map(({ id }) => id)),
  name: word,
  version: word,
  kind: fc.constantFrom("installed", "declared"),
  source: maybe(fc.record({ name: word, version: word })),
  innerPath: maybe(word),
  qualifiers: maybe(fc.dictionary(word, word)),
});
const distro = fc.record({ id: word, idLike: few(word), versionId: word });
const facts = fc.record({
  packages: maybe(few(pkg)),
  distro: maybe(fc.record({ rank: fc.double({ noNaN: true, noDefaultInfinity: true }), value: distro })),
  owns: maybe(few(fc.record({ owner: word, paths: few(word) }))),
  licenses: maybe(fc.record({ owner: word, names: few(word) })),
});
const evidence = fc.record({
  path: word,
  cataloger: fc.oneof(word, fc.constantFrom(...catalogers.map(({ name }) => name))),
  facts,
});
const document = fc.record({
  size: fc.nat(),
  facts: fc.record({
    schemaVersion: fc.constant(1),
    evidence: few(evidence),
    whiteouts: few(word),
    opaque: few(word),
    symlinks: few(pair),
    folders: few(pair),
    files: few(pair),
    unreadLinks: few(fc.record({ path: word, target: word, catalogers: few(word) })),
    problems: few(fc.record({ level: fc.constantFrom("note", "warning", "incomplete"), code: word, message: word })),
  }),
});

describe("layer documents of a hostile scanner", () => {
  it("are joined without a surprise, whatever they say", () => {
    fc.assert(
      fc.property(fc.array(document, { minLength: 1, maxLength: 4 }), (documents) => {
        const read = documents.map((one) => readLayerDocument(zstdCompressSync(JSON.stringify(one))));
        expect(read).not.toContain(null);
        const layers = read.flatMap((one, index) =>
          one === null ? [] : [{ diffId: fakeDiffId(index), facts: one.facts }],
        );
        const { packages } = joinLayers(layers);
        expect(new Set(packages.map(({ id }) => id)).size).toBe(packages.length);
      }),
      { numRuns: Number(process.env.PLIMSOLL_FUZZ_RUNS ?? 300) },
    );
  });

  it.each([
    ["a million files", { files: Array.from({ length: 1000 }, (_, n) => [`f${n}`, "x/".repeat(1000)]) }],
    [
      "links that lead to one another",
      { symlinks: Array.from({ length: 50_000 }, (_, n) => [`l${n}`, `l${(n + 1) % 50_000}/x`]) },
    ],
    ["whiteouts of everything", { whiteouts: Array.from({ length: 100_000 }, (_, n) => `w/${n}`) }],
  ])("%s cost no more than seconds", (_, some) => {
    const empty = {
      schemaVersion: 1,
      evidence: [],
      whiteouts: [],
      opaque: [],
      symlinks: [],
      folders: [],
      files: [],
      unreadLinks: [],
      problems: [],
    };
    const read = readLayerDocument(zstdCompressSync(JSON.stringify({ size: 1, facts: { ...empty, ...some } })));
    const started = performance.now();
    if (read !== null) joinLayers([0, 1, 2].map((index) => ({ diffId: fakeDiffId(index), facts: read.facts })));
    expect(read).not.toBeNull();
    expect(performance.now() - started).toBeLessThan(10_000);
  });
});
