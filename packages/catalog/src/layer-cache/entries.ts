import { packText, packZstd, unpackText } from "@plimsoll/kit";
import {
  type DiffId,
  type Distro,
  ecosystems,
  type Location,
  type Package,
  type PackageFact,
  type Problem,
  parseDiffId,
  problemLevels,
} from "@plimsoll/model";
import type { Facts } from "../cataloger.ts";
import type { Evidence, LayerFacts, UnreadLink } from "../layers/layer-facts.ts";
import type { Contents } from "../sbom/contents.ts";
import { isShallow } from "./json-depth.ts";
import {
  type Check,
  count,
  listOf,
  optional,
  orNull,
  pairOf,
  readBy,
  recordOf,
  tableOf,
  text,
  wordOf,
} from "./shape.ts";

/** Version of what is kept: part of every key. Raise it when one of these types changes its meaning. */
export const entryVersion = 1;

/** A layer whose links are resolved and whose digests hold. */
export interface LayerEntry {
  /** Bytes of the uncompressed tar. */
  readonly size: number;
  readonly facts: LayerFacts;
}

/** All layers of an image, joined. */
export interface ImageEntry {
  /** Bytes of each distinct layer's uncompressed tar. */
  readonly sizes: readonly (readonly [DiffId, number])[];
  readonly contents: Contents;
}

/** Uncompressed bytes of an entry: twenty times those of the largest layer met so far. */
const mostBytes = 64 * 2 ** 20;

/** Lists and records within one another; entries have nine. */
const mostDepth = 16;

/** Up to here the deepest text takes a tenth of a second: not worth looking. */
const harmlessBytes = 512 * 1024;

/** An entry as it travels, zstd of JSON; `null` when it would be too large. */
export function packEntry(entry: LayerEntry | ImageEntry): Uint8Array | null {
  const json = Buffer.from(JSON.stringify(entry));
  return json.length > mostBytes ? null : packZstd(json);
}

/** An entry as this machine keeps it; `null` when it would be too large. */
export function keepEntry(entry: LayerEntry | ImageEntry): Uint8Array | null {
  const json = JSON.stringify(entry);
  return Buffer.byteLength(json) > mostBytes ? null : packText(json);
}

/** Reads {@link packEntry}'s or {@link keepEntry}'s bytes back; `null` for anything but a layer's entry. */
export function unpackLayer(bytes: Uint8Array): LayerEntry | null {
  return unpack(bytes, layerEntry);
}

/** The same for an image's entry. */
export function unpackImage(bytes: Uint8Array): ImageEntry | null {
  return unpack(bytes, imageEntry);
}

function unpack<T>(bytes: Uint8Array, check: Check<T>): T | null {
  const json = unpackText(bytes, mostBytes);
  if (json === null || (json.length > harmlessBytes && !isShallow(json, mostDepth))) return null;
  try {
    const value: unknown = JSON.parse(json.toString());
    return check(value) ? value : null;
  } catch {
    return null; // not JSON
  }
}

const diffId = readBy(parseDiffId);
const texts = listOf(text);

const problemFields = {
  level: wordOf(problemLevels),
  code: text,
  message: text,
  next: optional(text),
  path: optional(text),
  layer: optional(diffId),
  package: optional(text),
  feed: optional(text),
};
const problem = recordOf<Problem>(problemFields);

const packageFields = {
  ecosystem: wordOf(ecosystems.map(({ id }) => id)),
  name: text,
  version: text,
  arch: optional(text),
  source: optional(recordOf<NonNullable<PackageFact["source"]>>({ name: text, version: text })),
  licenses: optional(texts),
  vendor: optional(text),
  kind: wordOf(["installed", "declared"] as const),
  innerPath: optional(text),
  qualifiers: optional(tableOf(text)),
  role: optional(wordOf(["main", "toolchain"] as const)),
};

const distro = recordOf<Distro>({
  id: text,
  idLike: texts,
  versionId: text,
  codename: optional(text),
  prettyName: optional(text),
});

const facts = recordOf<Facts>({
  packages: optional(listOf(recordOf<PackageFact>(packageFields))),
  distro: optional(recordOf<NonNullable<Facts["distro"]>>({ rank: isNumber, value: distro })),
  owns: optional(listOf(recordOf<NonNullable<Facts["owns"]>[number]>({ owner: text, paths: texts }))),
  licenses: optional(recordOf<NonNullable<Facts["licenses"]>>({ owner: text, names: texts })),
  problems: optional(listOf(problem)),
});

const names = listOf(pairOf(text, text));

const layerEntry = recordOf<LayerEntry>({
  size: count,
  facts: recordOf<LayerFacts>({
    schemaVersion: wordOf([1] as const),
    evidence: listOf(recordOf<Evidence>({ path: text, cataloger: text, facts })),
    whiteouts: texts,
    opaque: texts,
    symlinks: names,
    folders: names,
    files: names,
    unreadLinks: listOf(recordOf<UnreadLink>({ path: text, target: text, catalogers: texts })),
    problems: listOf(problem),
  }),
});

const imageEntry = recordOf<ImageEntry>({
  sizes: listOf(pairOf(diffId, count)),
  contents: recordOf<Contents>({
    distro: orNull(distro),
    packages: listOf(
      recordOf<Package>({
        ...packageFields,
        id: text,
        purl: text,
        locations: listOf(recordOf<Location>({ path: text, layer: orNull(diffId) })),
        introducedIn: orNull(diffId),
        removedIn: optional(diffId),
        ownedBy: optional(text),
        foundBy: text,
      }),
    ),
    problems: listOf(problem),
  }),
});

function isNumber(value: unknown): value is number {
  return typeof value === "number";
}
