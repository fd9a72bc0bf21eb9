import type { Limits } from "@plimsoll/kit";
import { digestOf } from "@plimsoll/model";
import { decompressed } from "../stream/decompress.ts";
import { TarReader } from "../tar/tar-reader.ts";
import type { RangedBlob } from "./ranged-blob.ts";
import { parseToc, type TocEntry, UnusableToc } from "./toc.ts";

/** Bytes of a table of contents, unpacked: what one of a hundred thousand files has. */
const tocBytes = 32 * 2 ** 20;

type Annotations = Readonly<Record<string, string>>;

/** How a table of contents is found, by the annotations of the layer's descriptor; `null`: the layer has none that the manifest vouches for. */
export type FindToc = (blob: RangedBlob, limits: Limits) => Promise<readonly TocEntry[]>;

/** Throws nothing; what is found is verified against the digest in the annotations. */
export function tocFinderFor(annotations: Annotations): FindToc | null {
  const stargz = annotations["containerd.io/snapshot/stargz/toc.digest"];
  if (stargz !== undefined) return (blob, limits) => stargzToc(blob, stargz, limits);
  for (const prefix of ["io.github.containers.zstd-chunked.", "io.containers.zstd-chunked."]) {
    const checksum = annotations[`${prefix}manifest-checksum`];
    const position = annotations[`${prefix}manifest-position`];
    if (checksum !== undefined && position !== undefined) {
      return (blob, limits) => zstdToc(blob, { checksum, position }, limits);
    }
  }
  return null;
}

const footerBytes = 51;

/** eStargz: the last 51 bytes are an empty gzip member whose extra field says where the table's member begins; the annotation is the digest of its JSON. */
async function stargzToc(blob: RangedBlob, digest: string, limits: Limits): Promise<readonly TocEntry[]> {
  const dataEnd = blob.size - footerBytes;
  if (dataEnd <= 0) throw new UnusableToc("the layer is too small");
  const footer = (await blob.read(dataEnd, blob.size)).toString("latin1");
  const offset = /^\x1f\x8b\x08\x04.{6}\x1a\x00SG\x16\x00([0-9a-f]{16})STARGZ/s.exec(footer)?.[1];
  const start = Number.parseInt(offset ?? "", 16);
  if (!(start > 0 && start < dataEnd && dataEnd - start <= tocBytes)) throw new UnusableToc("it has no footer");
  const tar = await unpacked(await blob.read(start, dataEnd), blob.label, { skip: 0, most: tocBytes + 2048 });
  const json = onlyFile(tar, "stargz.index.json");
  if (digestOf(json) !== digest) throw new UnusableToc("it is not the one that the manifest names");
  return parseToc(json, { dataEnd: start, limits });
}

function onlyFile(tar: Uint8Array, name: string): Uint8Array {
  let found: Uint8Array | null = null;
  const reader = new TarReader({
    entry: ({ path }) => (path === name ? "body" : "ignore"),
    claims: () => false,
    body: (_, bytes) => {
      found = bytes;
    },
    whiteout: () => undefined,
    problem: () => undefined,
  });
  reader.push(tar);
  reader.finish();
  if (found === null) throw new UnusableToc("it is missing");
  return found;
}

/** zstd:chunked: an annotation says offset, length, length unpacked and kind (1), another the digest of the packed table. */
async function zstdToc(
  blob: RangedBlob,
  { checksum, position }: { readonly checksum: string; readonly position: string },
  limits: Limits,
): Promise<readonly TocEntry[]> {
  const [start = 0, length = 0, size = 0, kind] = position.split(":").map(Number);
  const isPlaced = start > 0 && length > 0 && start + length <= blob.size && length <= tocBytes && size <= tocBytes;
  if (!isPlaced || kind !== 1) throw new UnusableToc("its place is none");
  const packed = await blob.read(start, start + length);
  if (digestOf(packed) !== checksum) throw new UnusableToc("it is not the one that the manifest names");
  return parseToc(await unpacked(packed, blob.label, { skip: 0, most: size }), { dataEnd: start, limits });
}

/** Of what a piece unpacks to at most `most` bytes behind the first `skip`; the engine is not asked for more. */
export async function unpacked(
  packed: Buffer,
  label: string,
  { skip, most }: { readonly skip: number; readonly most: number },
): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let passed = 0;
  for await (const chunk of decompressed(once(packed), { label })) {
    const part = chunk.subarray(Math.max(0, skip - passed), Math.max(0, skip + most - passed));
    passed += chunk.length;
    if (part.length > 0) chunks.push(Buffer.from(part));
    if (passed >= skip + most) break;
  }
  return Buffer.concat(chunks);
}

async function* once(bytes: Buffer): AsyncGenerator<Uint8Array, void, undefined> {
  yield bytes;
}
