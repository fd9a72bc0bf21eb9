import { platformError } from "../../errors.ts";
import { type Actor, demand } from "../../identity/actor.ts";
import { type KeptSbom, keptSbom, type WantedSbom } from "../../store/results/sbom-documents.ts";
import { sbomIdIn } from "../../store/results/sbom-id.ts";
import type { Services } from "../services.ts";

/** What clients say of the SBOM they want: its identifier, or kind and id of what it is of. */
export interface AskedSbom {
  readonly bomIdentifier?: string | undefined;
  readonly assetId?: string | undefined;
  readonly assetType?: "container-image" | "host" | undefined;
}

/**
 * One SBOM by its identifier, or the newest of an image (by image id, or 16 hex digits of an asset) or of a host (by
 * name). Throws FORBIDDEN, SBOM_UNNAMED, and NOT_FOUND, also for what only others may see.
 */
export async function readSbom({ db }: Services, actor: Actor, asked: AskedSbom): Promise<KeptSbom> {
  demand(actor, "results.read");
  const wanted = wantedOf(asked);
  const kept = wanted === null ? null : await keptSbom(db, actor, wanted);
  if (kept === null) throw platformError("NOT_FOUND", { fields: { what: "SBOM" } });
  return kept;
}

/** `null`: nothing can be called so. */
function wantedOf({ bomIdentifier, assetId, assetType }: AskedSbom): WantedSbom | null {
  if (bomIdentifier !== undefined) {
    const id = sbomIdIn(bomIdentifier);
    return id === null ? null : { by: "id", id };
  }
  if (assetId === undefined || assetType === undefined) throw platformError("SBOM_UNNAMED");
  if (/^[0-9a-f]{16}$/.test(assetId)) return { by: "asset", assetId };
  if (assetType === "host") return assetId.includes("\0") ? null : { by: "host", name: assetId };
  const imageId = /^(?:sha256:)?([0-9a-f]{64})$/.exec(assetId.toLowerCase())?.[1];
  return imageId === undefined ? null : { by: "image", imageId };
}
