import { rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { zstdDecompress } from "node:zlib";
import { messageOf, PlimsollError } from "@plimsoll/kit";
import { applyDelta } from "../delta/apply-delta.ts";
import { fetchBytes, wrong } from "./fetch-file.ts";
import { digestOfFile } from "./file-digest.ts";
import type { DatabaseId, Revision, RevisionDelta } from "./manifest.ts";
import type { InstallProgress } from "./progress.ts";
import type { RevisionSource } from "./revision-source.ts";

/** Applying one costs seconds: of more than these the whole database is the faster way. */
const mostSteps = 20;

/** The deltas that lead from what is installed to the revision, in order; none when there is no way, or no shorter one. */
export function chainOf({ revision, database, full, deltas }: Revision, installed: DatabaseId | null): RevisionDelta[] {
  const chain: RevisionDelta[] = [];
  let bytes = 0;
  for (let at = installed; at !== null && chain.length <= mostSteps && bytes < full.bytes; ) {
    if (at.revision === revision && at.sha256 === database.sha256) return chain;
    const { revision: number, sha256 } = at;
    const step = deltas.find(({ from }) => from.revision === number && from.sha256 === sha256);
    if (step === undefined || chain.includes(step)) return [];
    chain.push(step);
    bytes += step.bytes;
    at = step.to;
  }
  return [];
}

export interface ChainOptions {
  readonly chain: readonly RevisionDelta[];
  /** The installed database. */
  readonly old: string;
  readonly database: { readonly bytes: number };
  /** Folder to work in. */
  readonly scratch: string;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: InstallProgress) => void) | undefined;
}

/** Applies deltas one after the other; path of the database they lead to, each step's digest checked. Throws REVISION_FILE_WRONG. */
export async function unpackChain(source: RevisionSource, options: ChainOptions): Promise<string> {
  const { chain, old, scratch, signal, onProgress } = options;
  let path = old;
  for (const [index, step] of chain.entries()) {
    const onBytes = (bytes: number) => onProgress?.({ file: step.name, bytes, totalBytes: step.bytes });
    const delta = await unpacked(await fetchBytes(source, step, { signal, onBytes }), step, source);
    const out = join(scratch, `step-${index}`);
    try {
      await applyDelta(delta, { old: path, out, limitBytes: limitOf(options) });
    } catch (thrown) {
      throw thrown instanceof PlimsollError ? thrown : wrong({ source, file: step }, messageOf(thrown), thrown);
    }
    if ((await digestOfFile(out)) !== step.to.sha256) {
      throw wrong({ source, file: step }, "it does not lead to the database that was signed");
    }
    if (path !== old) await rm(path);
    path = out;
    signal?.throwIfAborted();
  }
  return path;
}

/** A database on the way may be larger than the last one; not by much. */
function limitOf({ database }: ChainOptions): number {
  return 2 * database.bytes + 64 * 2 ** 20;
}

async function unpacked(packed: Buffer, step: RevisionDelta, source: RevisionSource): Promise<Buffer> {
  try {
    const bytes = await promisify(zstdDecompress)(packed, { maxOutputLength: Math.max(1, step.unpackedBytes) });
    if (bytes.length === step.unpackedBytes) return bytes;
  } catch (cause) {
    throw wrong({ source, file: step }, messageOf(cause), cause);
  }
  throw wrong({ source, file: step }, "it unpacks to another length");
}
