import type { Limits } from "@plimsoll/kit";
import type { PackageFact, Problem } from "@plimsoll/model";
import type { CatalogFile, Facts } from "../cataloger.ts";
import { ZipDamage } from "../zip-damage.ts";
import { openZip, type ZipEntry, type ZipFile } from "../zip-file.ts";
import { isArchiveName } from "./archive-name.ts";
import { identify } from "./identify.ts";

/** The libraries of an archive and of the archives inside it, down to `limits.archiveDepth`. */
export function readArchive(file: CatalogFile, limits: Limits): Facts {
  const reading: Reading = {
    limits,
    bytesLeft: limits.archiveBytes,
    entriesLeft: limits.archiveEntries * 10,
    packages: [],
    problems: [],
  };
  const bytes = Buffer.from(file.bytes.buffer, file.bytes.byteOffset, file.bytes.byteLength);
  readOne({ bytes, path: file.path, inner: [] }, reading);
  const { packages, problems } = reading;
  return { packages, ...(problems.length > 0 && { problems: problems.map((one) => placed(one, file.path)) }) };
}

/** What reading one outer archive has used up and found, all nesting together. */
interface Reading {
  readonly limits: Limits;
  bytesLeft: number;
  entriesLeft: number;
  readonly packages: PackageFact[];
  readonly problems: { readonly inner: readonly string[]; readonly problem: Problem }[];
}

interface Archive {
  readonly bytes: Buffer;
  /** Path of the outermost archive, or the name inside the one around it. */
  readonly path: string;
  /** Names from the outermost archive down to this one. */
  readonly inner: readonly string[];
}

function readOne(archive: Archive, reading: Reading): void {
  const zip = archive.bytes.length === 0 ? null : opened(archive, reading);
  if (zip === null) return;
  reading.entriesLeft -= zip.entries.length;
  if (zip.damage !== null) report(archive.inner, reading, unreadable(zip.damage));
  const place: Place = { zip, inner: archive.inner, reading };
  const { packages, problems } = identify(archive.path, {
    entries: zip.entries,
    read: (entry) => readEntry(entry, place),
  });
  for (const fact of packages) keep(fact, archive.inner.join(":"), reading);
  for (const problem of problems) report(archive.inner, reading, problem);
  for (const entry of zip.entries) if (isArchiveName(entry.name)) readNested(entry, place);
}

function keep(fact: PackageFact, innerPath: string, { packages, limits }: Reading): void {
  if (packages.length < limits.packages) packages.push(innerPath === "" ? fact : { ...fact, innerPath });
}

function readNested(entry: ZipEntry, { zip, inner: outer, reading }: Place): void {
  const inner = [...outer, entry.name];
  if (inner.length > reading.limits.archiveDepth) {
    report(inner, reading, unreadable(`archives are nested deeper than ${reading.limits.archiveDepth}`));
    return;
  }
  if (isBomb(entry)) {
    report(inner, reading, unreadable(`the archive inside unpacks to more than ${mostRatio} times its size`));
    return;
  }
  const bytes = readEntry(entry, { zip, inner, reading });
  if (bytes !== null) readOne({ bytes, path: entry.name, inner }, reading);
}

/** Archives hardly shrink when they are packed again; what shrinks so much is made to grow (D. Fifield, "A better zip bomb"). */
const mostRatio = 200;
const bombFloorBytes = 2 ** 20;

function isBomb({ size, compressedSize }: ZipEntry): boolean {
  return size > bombFloorBytes && size > mostRatio * compressedSize;
}

function opened(archive: Archive, reading: Reading): ZipFile | null {
  try {
    return openZip(archive.bytes, Math.min(reading.limits.archiveEntries, Math.max(0, reading.entriesLeft)));
  } catch (cause) {
    if (!(cause instanceof ZipDamage)) throw cause;
    report(archive.inner, reading, unreadable(cause.message));
    return null;
  }
}

interface Place {
  readonly zip: ZipFile;
  readonly inner: readonly string[];
  readonly reading: Reading;
}

function readEntry(entry: ZipEntry, { zip, inner, reading }: Place): Buffer | null {
  try {
    const bytes = zip.read(entry, Math.min(reading.limits.fileBytes, reading.bytesLeft));
    // What is stored costs no memory of its own; what is inflated counts.
    reading.bytesLeft -= entry.method === 0 ? 0 : bytes.length;
    return bytes;
  } catch (cause) {
    if (!(cause instanceof ZipDamage)) throw cause;
    report(inner, reading, unreadable(cause.message));
    return null;
  }
}

/** Problems of one outer archive that are kept one by one: more of them say nothing new. */
const mostProblems = 100;

function report(inner: readonly string[], { problems }: Reading, problem: Problem): void {
  if (problems.length < mostProblems) problems.push({ inner, problem });
}

function placed({ inner, problem }: { inner: readonly string[]; problem: Problem }, path: string): Problem {
  return { ...problem, path: [path, ...inner].join(":") };
}

function unreadable(reason: string): Problem {
  const next = "check the archive, or raise the limit the message names";
  return { level: "incomplete", code: "archive-unreadable", message: `Java archive not read: ${reason}`, next };
}
