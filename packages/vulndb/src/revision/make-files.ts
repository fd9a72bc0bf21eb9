import { createReadStream, createWriteStream } from "node:fs";
import { rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { promisify } from "node:util";
import { constants, createZstdCompress, zstdCompress } from "node:zlib";
import { messageOf } from "@plimsoll/kit";
import { applyDelta } from "../delta/apply-delta.ts";
import { makeDelta } from "../delta/make-delta.ts";
import { Trees } from "../delta/read-trees.ts";
import { contentsOf, writeTrees } from "../delta/write-trees.ts";
import { digestOfFile } from "./file-digest.ts";
import { largestDatabase, type Revision, type RevisionDelta, type RevisionFile } from "./manifest.ts";
import { folderSource } from "./revision-source.ts";
import { unpackFull } from "./unpack-full.ts";

export interface MakeOptions {
  readonly revision: string;
  /** The revision before, whose database lies in `folder`; `null` for none. */
  readonly base: Revision | null;
  readonly folder: string;
  /** Folder to write into. */
  readonly scratch: string;
  /** zstd level 1 … 19. */
  readonly level: number;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((text: string) => void) | undefined;
}

export interface Made {
  readonly database: Revision["database"];
  readonly full: RevisionFile;
  readonly delta: { readonly step: RevisionDelta } | null;
  /** Why there is no delta although there is a revision before; `null` otherwise. */
  readonly deltaFault: string | null;
  /** Names in `scratch`. */
  readonly files: readonly string[];
}

/** Makes the files of a revision: its database in the one layout, compressed, and the delta from the revision before, tried out. */
export async function makeFiles(database: string, options: MakeOptions): Promise<Made> {
  const { revision, base, scratch, onProgress } = options;
  const path = join(scratch, "database");
  onProgress?.("Laying out the database");
  await relay(database, path);
  const unpacked = await measured(path);
  if (base?.revision === revision) {
    return { database: unpacked, full: base.full, delta: null, deltaFault: null, files: [] };
  }
  onProgress?.("Compressing the database");
  const full = await compressedFile(path, `${revision}.sqlite.zst`, options);
  const { step, fault } = await stepFrom(base, { path, unpacked, options });
  const isWorthwhile = step !== null && step.bytes < full.bytes;
  return {
    database: unpacked,
    full,
    delta: isWorthwhile ? { step } : null,
    deltaFault: step === null || isWorthwhile ? fault : "it is no smaller than the whole database",
    files: [full.name, ...(isWorthwhile ? [step.name] : [])],
  };
}

/** Writes the same rows in the layout that depends on nothing else. */
async function relay(database: string, path: string): Promise<void> {
  using trees = new Trees(database, largestDatabase);
  await writeTrees(path, { header: trees.header(), contents: contentsOf(trees), limitBytes: largestDatabase });
}

interface Target {
  readonly path: string;
  readonly unpacked: Revision["database"];
  readonly options: MakeOptions;
}

interface Step {
  readonly step: RevisionDelta | null;
  readonly fault: string | null;
}

/** A revision without a delta is a good one: why there is none is told, not thrown. */
async function stepFrom(base: Revision | null, { path, unpacked, options }: Target): Promise<Step> {
  if (base === null) return { step: null, fault: null };
  const { folder, scratch, revision, signal, onProgress } = options;
  const [old, trial] = [join(scratch, "previous"), join(scratch, "trial")];
  try {
    onProgress?.("Comparing with the revision before");
    await unpackFull(folderSource(folder), base, { path: old, signal });
    const delta = await makeDelta(old, path, largestDatabase);
    signal?.throwIfAborted();
    onProgress?.("Trying the delta");
    await applyDelta(delta, { old, out: trial, limitBytes: largestDatabase });
    if ((await digestOfFile(trial)) !== unpacked.sha256) return { step: null, fault: "it leads somewhere else" };
    const name = `${base.revision}-${revision}.delta.zst`;
    await writeFile(join(scratch, name), await compressed(delta, options));
    const file = { name, ...(await measured(join(scratch, name))) };
    const from = { revision: base.revision, sha256: base.database.sha256 };
    const to = { revision, sha256: unpacked.sha256 };
    return { step: { ...file, from, to, unpackedBytes: delta.length }, fault: null };
  } catch (thrown) {
    signal?.throwIfAborted();
    return { step: null, fault: messageOf(thrown) };
  } finally {
    await Promise.all([old, trial].map((file) => rm(file, { force: true })));
  }
}

/** A window of 16 MiB: with 128 the file is 1 % smaller, and everybody who unpacks it needs that much memory. */
function zstdParams(level: number) {
  return {
    [constants.ZSTD_c_compressionLevel]: level,
    [constants.ZSTD_c_enableLongDistanceMatching]: 1,
    [constants.ZSTD_c_windowLog]: 24,
    [constants.ZSTD_c_checksumFlag]: 1,
  };
}

async function compressedFile(
  path: string,
  name: string,
  { scratch, level, signal }: MakeOptions,
): Promise<RevisionFile> {
  const out = join(scratch, name);
  const engine = createZstdCompress({ params: zstdParams(level), chunkSize: 256 * 1024 });
  await pipeline(createReadStream(path, { highWaterMark: 2 ** 20 }), engine, createWriteStream(out), {
    ...(signal && { signal }),
  });
  return { name, ...(await measured(out)) };
}

function compressed(bytes: Buffer, { level }: MakeOptions): Promise<Buffer> {
  return promisify(zstdCompress)(bytes, { params: zstdParams(level) });
}

async function measured(path: string): Promise<{ readonly sha256: string; readonly bytes: number }> {
  return { sha256: await digestOfFile(path), bytes: (await stat(path)).size };
}
