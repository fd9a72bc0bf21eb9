import { zstdCompressSync } from "node:zlib";
import type { DiffId } from "@plimsoll/model";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type ImageEntry, keepEntry, type LayerEntry, packEntry, unpackImage, unpackLayer } from "./entries.ts";

const diffId = `sha256:${"a".repeat(64)}` as DiffId;

const layer: LayerEntry = {
  size: 10240,
  facts: {
    schemaVersion: 1,
    evidence: [
      {
        path: "var/lib/dpkg/status",
        cataloger: "dpkg-db-cataloger",
        facts: {
          packages: [
            {
              ecosystem: "deb",
              name: "a",
              version: "1",
              arch: "amd64",
              source: { name: "s", version: "2" },
              licenses: ["MIT"],
              vendor: "v",
              kind: "installed",
              innerPath: "i",
              qualifiers: { module: "m" },
              role: "main",
            },
          ],
          distro: {
            rank: 1.5,
            value: { id: "debian", idLike: ["x"], versionId: "12", codename: "c", prettyName: "p" },
          },
          owns: [{ owner: "a", paths: ["usr/bin/a"] }],
          licenses: { owner: "a", names: ["MIT"] },
          problems: [
            {
              level: "incomplete",
              code: "c",
              message: "m",
              next: "n",
              path: "p",
              layer: diffId,
              package: "x",
              feed: "f",
            },
          ],
        },
      },
    ],
    whiteouts: ["w"],
    opaque: ["o"],
    symlinks: [["a", "b"]],
    folders: [["", "usr"]],
    files: [["usr", "a/b"]],
    unreadLinks: [{ path: "l", target: "t", catalogers: ["c"] }],
    problems: [],
  },
};

const image: ImageEntry = {
  sizes: [[diffId, 10240]],
  contents: {
    distro: null,
    packages: [
      {
        ecosystem: "npm",
        name: "x",
        version: "1",
        kind: "declared",
        id: "i",
        purl: "pkg:npm/x@1",
        locations: [{ path: "p", layer: diffId }],
        introducedIn: diffId,
        removedIn: diffId,
        ownedBy: "o",
        foundBy: "f",
      },
    ],
    problems: [{ level: "note", code: "no-packages", message: "m" }],
  },
};

const packed = (value: unknown): Uint8Array => zstdCompressSync(JSON.stringify(value) ?? "");

describe("entries", () => {
  it.each([
    ["kept", keepEntry],
    ["sent", packEntry],
  ])("come back as they were %s, each as its own kind", (_, pack) => {
    expect(unpackLayer(pack(layer) ?? Buffer.alloc(0))).toEqual(layer);
    expect(unpackImage(pack(image) ?? Buffer.alloc(0))).toEqual(image);
    expect(unpackImage(pack(layer) ?? Buffer.alloc(0))).toBeNull();
    expect(unpackLayer(pack(image) ?? Buffer.alloc(0))).toBeNull();
  });

  const kinds = [
    ["layer", layer, unpackLayer],
    ["image", image, unpackImage],
  ] as const;

  it.each(kinds)("have no field of another type: %s", (_, entry, unpack) => {
    const places = placesIn(entry);
    expect(places.length).toBeGreaterThan(20);
    const wrong = places.flatMap((place) => [{ odd: 1 }, [[1]], true].map((value) => changed(entry, place, value)));
    expect(wrong.filter((value) => unpack(packed(value)) !== null)).toEqual([]);
  });

  it.each(kinds)("have no field too few or too many: %s", (_, entry, unpack) => {
    const without = ["size", "facts", "sizes", "contents", "schemaVersion", "name", "foundBy", "whiteouts"]
      .map((field) => JSON.stringify(entry, (name, one) => (name === field ? undefined : one)))
      .filter((json) => json !== JSON.stringify(entry));
    const more = [JSON.stringify({ ...entry, more: 1 }), JSON.stringify(entry).replace("{", '{"__proto__":{},')];
    for (const json of [...without, ...more]) expect(unpack(zstdCompressSync(json)), json).toBeNull();
  });

  it("are nothing when the bytes are anything", () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      fc.json().map((text) => Buffer.from(zstdCompressSync(text))),
      fc.tuple(fc.nat(400), fc.nat(255)).map(([at, byte]) => {
        const whole = Buffer.from(packEntry(layer) ?? Buffer.alloc(0));
        whole[at % whole.length] = byte;
        return whole;
      }),
    );
    fc.assert(
      fc.property(bytes, (some) => {
        const found = unpackLayer(some);
        // A flipped bit may hit the frame where it says nothing.
        if (found !== null) expect(Object.keys(found)).toEqual(["size", "facts"]);
        expect(unpackImage(some)).toBeNull();
      }),
    );
  });

  it.each([
    ["a bomb of zeros", Buffer.alloc(65 * 2 ** 20)],
    ["brackets within brackets", Buffer.from(`{"size":1,"facts":${"[".repeat(30e6)}${"]".repeat(30e6)}}`)],
    ["brackets behind a text that looks like its end", Buffer.from(`["\\"",${"[".repeat(30e6)}`)],
  ])("cost little: %s", (_, bytes) => {
    const bomb = zstdCompressSync(bytes);
    const before = process.memoryUsage.rss();
    const startedAt = performance.now();
    expect(unpackLayer(bomb)).toBeNull();
    expect(performance.now() - startedAt).toBeLessThan(3000);
    expect(process.memoryUsage.rss() - before).toBeLessThan(200e6);
  });

  it("are not kept when they are too large", () => {
    const files = [["", "n/".repeat(33 * 2 ** 20)]] as const;
    expect(packEntry({ ...layer, facts: { ...layer.facts, files } })).toBeNull();
  });
});

type Place = readonly (string | number)[];

/** Every place in a value that has a type of its own; not the names of a free table. */
function placesIn(value: unknown, at: Place = []): Place[] {
  if (typeof value !== "object" || value === null) return at.length === 0 ? [] : [at];
  const inner = Object.entries(value).flatMap(([name, one]) => placesIn(one, [...at, name]));
  return at.length === 0 || Array.isArray(value) ? inner : [at, ...inner];
}

/** The value with something else at a place. */
function changed(value: unknown, [first, ...rest]: Place, wrong: unknown): unknown {
  if (first === undefined) return wrong;
  const copy = structuredClone(value) as Record<string, unknown>;
  copy[first] = changed(copy[first], rest, wrong);
  return copy;
}
