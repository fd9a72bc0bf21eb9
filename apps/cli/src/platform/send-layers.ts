import { type AnalyzeOptions, programRevision, readLayersApart, shapingOf } from "@plimsoll/catalog";
import { type DiffId, parseDiffId } from "@plimsoll/model";
import type { KnownLayer, OpenedImage } from "@plimsoll/source";
import type { Tools } from "../tools.ts";
import { version } from "../version.ts";
import { ask, isRecord, type Platform, unexpected } from "./platform-client.ts";
import type { Sent } from "./sent.ts";
import { upload } from "./upload.ts";

/** Most bytes of what is said of an image without its layers: larger ones travel as whole SBOMs. */
const mostFactsBytes = 500_000;

/**
 * Sends of an image what the platform does not know: layers that it knows are neither read nor sent. `null`: this image
 * or this platform wants the whole SBOM. Throws what reading and asking throw.
 */
export async function sendLayers(
  platform: Platform,
  source: OpenedImage,
  { reading, progress }: { readonly reading: AnalyzeOptions; readonly progress: Tools["progress"] },
): Promise<Extract<Sent, { analysis: object }> | null> {
  const { diffIds } = source;
  if (diffIds === null || diffIds.length === 0 || diffIds.length > 1000) return null;
  const shaping = shapingOf(programRevision);
  progress.show(`Asking ${platform.url} what it knows`);
  const known = await knownThere(platform, shaping, diffIds);
  const read = known === null ? null : await readLayersApart(source, known, reading);
  if (read === null) return null;
  const { image, problems } = read;
  const facts = { source: source.source, image, problems };
  if (Buffer.byteLength(JSON.stringify(facts)) > mostFactsBytes) return null;
  const layers: Record<string, string> = {};
  for (const [diffId, bytes] of read.documents) {
    progress.show(`Sending ${Object.keys(layers).length + 1} of ${read.documents.size} new layers to ${platform.url}`);
    layers[diffId] = await upload(platform, bytes);
  }
  const analysis = { shaping, scanner: `plimsoll ${version}`, facts, layers };
  return { analysis, frame: { source: source.source, image } };
}

/** `null`: it understands no layers of this program's. */
async function knownThere(
  platform: Platform,
  shaping: string,
  diffIds: readonly DiffId[],
): Promise<ReadonlyMap<DiffId, KnownLayer> | null> {
  const asked = [...new Set(diffIds)];
  const answer = await ask(platform, { method: "POST", path: "/layers/known", body: { shaping, layers: asked } });
  if (!isRecord(answer) || !Array.isArray(answer.known)) throw unexpected("it does not say which layers it knows");
  if (answer.understood !== true) return null;
  const known = new Map<DiffId, KnownLayer>();
  for (const item of answer.known) {
    const layer = isRecord(item) ? parseDiffId(item.layer) : null;
    const size = isRecord(item) ? item.size : null;
    if (layer === null || !asked.includes(layer) || !Number.isSafeInteger(size))
      throw unexpected("it knows what it was not asked");
    known.set(layer, { size: Number(size) });
  }
  return known;
}
