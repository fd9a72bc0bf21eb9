import { createReadStream, existsSync, globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { defaultLimits } from "../../packages/kit/src/index.ts";
import { decompressed, tarFiles } from "../../packages/source/src/index.ts";

const root = join(import.meta.dirname, "..", "..");
/** Real data lie beside the checkout; without them the small files of the repository alone are the seeds. */
const shared = process.env.PLIMSOLL_SHARED_DATA ?? join(root, "..", "shared", "data");

/** A file and what it holds. */
export interface SeedFile {
  readonly path: string;
  readonly bytes: Buffer;
}

/** Files of the repository, by glob from its root; those ending in .gz unpacked. */
export function ownFiles(...patterns: readonly string[]): SeedFile[] {
  return globSync([...patterns], { cwd: root })
    .sort()
    .map((path) => {
      const bytes = readFileSync(join(root, path));
      return { path, bytes: path.endsWith(".gz") ? gunzipSync(bytes) : bytes };
    });
}

export interface SharedFiles {
  /** Archives below the folder of real data. */
  readonly archives: readonly string[];
  readonly wants: (file: SeedFile) => boolean;
  readonly most?: number;
  readonly mostBytes?: number;
}

/** Real files out of archives, short ones only. */
export async function sharedFiles({
  archives,
  wants,
  most = 60,
  mostBytes = 49_152,
}: SharedFiles): Promise<SeedFile[]> {
  const found: SeedFile[] = [];
  for (const archive of archives) {
    const path = join(shared, archive);
    if (!existsSync(path)) continue;
    const limit = found.length + Math.ceil(most / archives.length);
    for await (const file of tarFiles(decompressed(createReadStream(path)), defaultLimits)) {
      const bytes = Buffer.from(file.bytes());
      const seed = { path: file.path, bytes };
      if (bytes.length <= mostBytes && wants(seed)) found.push(seed);
      if (found.length >= limit) break;
    }
  }
  return found;
}

/** A whole real file. */
export function sharedFile(path: string): Buffer[] {
  return existsSync(join(shared, path)) ? [readFileSync(join(shared, path))] : [];
}

export function bytesOf(files: readonly SeedFile[]): Buffer[] {
  return files.map(({ bytes }) => bytes);
}
