import { createReadStream } from "node:fs";
import { mkdtemp, open, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { messageOf, PlimsollError } from "@plimsoll/kit";
import type { ArtifactTarget } from "@plimsoll/source";
import { vulndbError } from "../errors.ts";
import { openEnvelope } from "./envelope.ts";
import { fetchFile } from "./fetch-file.ts";
import { parseManifest, type Revision, type RevisionFile } from "./manifest.ts";
import { type PublishOptions, type PublishReport, publishRevision } from "./publish.ts";
import { artifactManifest, artifactSource, digestOf, mediaTypes } from "./registry-layout.ts";
import { envelopeFile, type RevisionSource, tarSource } from "./revision-source.ts";
import { tarHeader, tarPadding } from "./tar-header.ts";

type Options = Omit<PublishOptions, "folder" | "isOffered">;

/** {@link publishRevision} into one tar file, made or extended; it is replaced whole or not at all. */
export async function publishToTar(path: string, options: Options): Promise<PublishReport> {
  return inScratch(path, async (folder) => {
    if ((await stat(path).catch(() => null)) !== null) {
      await using source = await tarSource(path);
      const { full, deltas } = await copyManifest(source, folder);
      for (const file of [full, ...deltas]) await copyIn(source, file, folder).catch(ignoreWrong);
    }
    const report = await publishRevision({ ...options, folder });
    options.signal?.throwIfAborted();
    await packTar(folder, path, report.revision);
    return report;
  });
}

/** {@link publishRevision} into a registry: blobs first, then the manifest under the revision's number, last under the tag. */
export async function publishToRegistry(target: ArtifactTarget, options: Options): Promise<PublishReport> {
  return inScratch(target.name, async (folder) => {
    const manifest = await target.manifest();
    if (manifest !== null) {
      await using source = artifactSource({ name: target.name, manifest, blob: target.blob });
      await copyIn(source, (await copyManifest(source, folder)).full, folder);
    }
    const isOffered = (file: RevisionFile) => target.has(digestOf(file));
    const report = await publishRevision({ ...options, folder, isOffered });
    const { revision } = report;
    await target.putBlob(Buffer.from("{}"));
    for (const file of [revision.full, ...revision.deltas.slice(-1)]) {
      options.signal?.throwIfAborted();
      options.onProgress?.(`Uploading ${file.name}`);
      if (!(await target.has(digestOf(file)))) await target.putBlob(await readFile(join(folder, file.name)));
    }
    const envelope = await readFile(join(folder, envelopeFile));
    const digest = await target.putBlob(envelope);
    const document = Buffer.from(artifactManifest(revision, { digest, size: envelope.length }), "utf8");
    for (const tag of [revision.revision, target.tag]) await target.putManifest(document, mediaTypes.manifest, tag);
    return report;
  });
}

async function inScratch<T>(place: string, work: (folder: string) => Promise<T>): Promise<T> {
  const scratch = await mkdtemp(join(tmpdir(), "plimsoll-export-"));
  try {
    return await work(scratch);
  } catch (cause) {
    if (cause instanceof PlimsollError || !(cause instanceof Error && "syscall" in cause)) throw cause;
    throw vulndbError("EXPORT_FAILED", { fields: { revision: "", place, why: messageOf(cause) }, cause });
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function copyManifest(source: RevisionSource, folder: string): Promise<Revision> {
  const envelope = await source.envelope();
  await writeFile(join(folder, envelopeFile), envelope);
  const trust = { keys: [], retired: new Set<string>() };
  const { payload } = openEnvelope(envelope, { trust, place: source.place, allowUnsigned: true });
  return parseManifest(payload, source.place);
}

async function copyIn(source: RevisionSource, file: RevisionFile, folder: string): Promise<void> {
  await writeFile(join(folder, file.name), fetchFile(source, file));
}

/** A file that is missing or damaged is not offered any longer, that is all. */
function ignoreWrong(thrown: unknown): void {
  const isWrong = thrown instanceof PlimsollError && /^(REVISION_FILE_WRONG|REPOSITORY_MISSING)$/.test(thrown.code);
  if (!isWrong) throw thrown;
}

/** The manifest comes first, so that it is found without reading the rest. */
async function packTar(folder: string, path: string, revision: Revision): Promise<void> {
  const names = [envelopeFile, ...[...revision.deltas].reverse().map(({ name }) => name), revision.full.name];
  const part = `${path}.new`;
  try {
    {
      await using out = await open(part, "w", 0o644);
      for (const name of names) {
        const { size } = await stat(join(folder, name));
        await out.writeFile(tarHeader({ name, size, mtimeMs: Date.parse(revision.createdAt) }));
        await out.writeFile(createReadStream(join(folder, name)));
        await out.writeFile(tarPadding(size));
      }
      await out.writeFile(Buffer.alloc(1024));
      await out.sync();
    }
    await rename(part, path);
  } finally {
    await rm(part, { force: true });
  }
}
