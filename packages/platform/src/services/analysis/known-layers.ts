import type { DiffId } from "@plimsoll/model";
import { type Actor, demand } from "../../identity/actor.ts";
import { scopesSeenBy } from "../../identity/trust.ts";
import { layersSeen } from "../../store/layers/layer-analyses.ts";
import type { Services } from "../services.ts";
import { ownShaping } from "./own-shaping.ts";

/** Which layers a scanner asks about. */
export interface LayerQuestion {
  /** What shapes the asking program's layer documents. */
  readonly shaping: string;
  readonly layers: readonly string[];
}

export interface LayerAnswer {
  /** Whether layer documents of that shaping are understood here; if not, whole SBOMs are. */
  readonly understood: boolean;
  /** Layers that need not be sent, with the bytes of their uncompressed tar. */
  readonly known: readonly { readonly layer: DiffId; readonly size: number }[];
}

/** Which layers are known to who asks (decision 13): trusted analyses, and those of its own team. Throws FORBIDDEN. */
export async function knownLayers(
  { pool }: Pick<Services, "pool">,
  actor: Actor,
  { shaping, layers }: LayerQuestion,
): Promise<LayerAnswer> {
  demand(actor, "scans.send");
  if (shaping !== ownShaping()) return { understood: false, known: [] };
  const view = { shaping, scopes: scopesSeenBy(actor) };
  const seen = await layersSeen(pool, view, [...new Set(layers)] as DiffId[]);
  const best = new Map(seen.toReversed().map(({ diffId, size }) => [diffId, size]));
  return { understood: true, known: [...best].map(([layer, size]) => ({ layer, size })) };
}
