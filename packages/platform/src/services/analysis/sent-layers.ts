import { type LayerDocument, readLayerDocument } from "@plimsoll/catalog";
import type { DiffId } from "@plimsoll/model";
import { platformError } from "../../errors.ts";
import type { Actor } from "../../identity/actor.ts";
import { scopeOf } from "../../identity/trust.ts";
import type { NewLayer } from "../../store/layers/layer-analyses.ts";
import { takeUpload } from "../../store/uploads/uploads.ts";
import type { Services } from "../services.ts";

/** A layer that came with this scan. */
export interface SentLayer extends NewLayer {
  readonly document: LayerDocument;
}

/** Most bytes of all layer documents of one image together, uncompressed. */
const mostDocumentBytes = 256 * 2 ** 20;

/** Counts bytes of documents. Throws ANALYSIS_UNREADABLE beyond {@link mostDocumentBytes}. */
export function documentMeter(): (document: LayerDocument) => void {
  let total = 0;
  return ({ bytes }) => {
    total += bytes;
    if (total > mostDocumentBytes) throw unreadable("its layers say too much");
  };
}

interface Sending {
  readonly uploads: Readonly<Record<string, string>>;
  readonly diffIds: readonly DiffId[];
}

/** The uploaded layers of an image, read. Throws ANALYSIS_UNREADABLE and what taking an upload throws. */
export async function sentLayers(
  { pool }: Pick<Services, "pool">,
  actor: Actor,
  { uploads, diffIds }: Sending,
): Promise<ReadonlyMap<DiffId, SentLayer>> {
  const sent = new Map<DiffId, SentLayer>();
  const count = documentMeter();
  // Whoever sees nothing keeps nothing: such a layer serves this scan alone.
  const scope = scopeOf(actor) ?? Number.NaN;
  for (const diffId of new Set(diffIds)) {
    const upload = uploads[diffId];
    if (upload === undefined) continue;
    const bytes = await takeUpload(pool, { sha256: upload, owner: actor.id });
    const document = readLayerDocument(bytes);
    if (document === null) throw unreadable(`what was sent of ${diffId} is no layer document`);
    count(document);
    const { sha256, size } = document;
    sent.set(diffId, { diffId, sha256, size, scope, isServer: false, bytes, document });
  }
  return sent;
}

function unreadable(why: string) {
  return platformError("ANALYSIS_UNREADABLE", { fields: { why } });
}
