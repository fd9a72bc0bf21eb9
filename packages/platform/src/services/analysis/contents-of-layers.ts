import {
  joinLayers,
  type LayerDocument,
  packContents,
  readContentsDocument,
  readLayerDocument,
} from "@plimsoll/catalog";
import type { DiffId } from "@plimsoll/model";
import { platformError } from "../../errors.ts";
import { joinedContents, joinedKey, keepJoined } from "../../store/layers/joined-layers.ts";
import { type KeptLayer, layerDocuments } from "../../store/layers/layer-analyses.ts";
import type { Services } from "../services.ts";
import { documentMeter, type SentLayer } from "./sent-layers.ts";

export interface Joining {
  /** Lowest first. */
  readonly layers: readonly KeptLayer[];
  readonly sent: ReadonlyMap<DiffId, SentLayer>;
  readonly shaping: string;
  /** Whose they are; `null`: nothing is kept. */
  readonly scope: number | null;
}

/** What layers hold together, as it was kept, or joined now. Throws LAYERS_UNKNOWN, ANALYSIS_UNREADABLE. */
export async function contentsOfLayers({ pool, clock }: Pick<Services, "pool" | "clock">, joining: Joining) {
  const { shaping, scope, layers } = joining;
  const now = clock();
  const key = joinedKey(shaping, scope, layers);
  const kept = scope === null ? null : await joinedContents(pool, key, now);
  const known = kept === null ? null : readContentsDocument(kept);
  if (known !== null) return known;
  const documents = await documentsOf({ pool }, joining);
  const joined = joinLayers(layers.map(({ diffId, sha256 }) => ({ diffId, facts: factsIn(documents, sha256) })));
  const bytes = packContents(joined);
  if (bytes !== null && scope !== null) await keepJoined(pool, { key, bytes, now });
  return joined;
}

async function documentsOf(
  { pool }: Pick<Services, "pool">,
  { layers, sent, shaping }: Joining,
): Promise<ReadonlyMap<string, LayerDocument>> {
  const documents = new Map([...sent.values()].map(({ sha256, document }) => [sha256, document]));
  const others = layers.filter(({ sha256 }) => !documents.has(sha256));
  const count = documentMeter();
  for (const document of documents.values()) count(document);
  for (const [sha256, bytes] of await layerDocuments(pool, shaping, others)) {
    const document = readLayerDocument(bytes);
    if (document === null) continue;
    count(document);
    documents.set(sha256, document);
  }
  return documents;
}

/** One that went between the question and now is as unknown as one that never came. */
function factsIn(documents: ReadonlyMap<string, LayerDocument>, sha256: string) {
  const document = documents.get(sha256);
  if (document === undefined) throw platformError("LAYERS_UNKNOWN", { fields: { count: 1 } });
  return document.facts;
}
