import { readSbomText } from "@plimsoll/formats";
import { messageOf } from "@plimsoll/kit";
import type { Sbom } from "@plimsoll/model";
import { platformError } from "../../errors.ts";
import type { Actor } from "../../identity/actor.ts";
import { documentText } from "../../store/ingest/document.ts";
import { takeUpload } from "../../store/uploads/uploads.ts";
import { type LayeredAnalysis, sbomOfLayers } from "../analysis/sbom-of-layers.ts";
import type { Services } from "../services.ts";

/** One of the two. */
export interface SentAnalysis {
  /** SHA-256 of the upload, 64 hex digits: an SBOM in any format that is read, zstd. */
  readonly upload?: string | undefined;
  /** An image, of which only what is not known here was sent. */
  readonly analysis?: LayeredAnalysis | undefined;
}

/** What was sent, as an SBOM. Throws NOTHING_SENT, NOT_FOUND, what reading an SBOM and joining layers throw. */
export async function sbomOf(services: Services, actor: Actor, { upload, analysis }: SentAnalysis): Promise<Sbom> {
  if (analysis !== undefined) return sbomOfLayers(services, actor, analysis);
  if (upload === undefined) throw platformError("NOTHING_SENT");
  const bytes = await takeUpload(services.pool, { sha256: upload, owner: actor.id });
  return readSbomText(await textOf(bytes, upload));
}

/** Uploads that are not needed once it is answered. */
export function uploadsOf({ upload, analysis }: SentAnalysis): readonly string[] {
  return [...(upload === undefined ? [] : [upload]), ...Object.values(analysis?.layers ?? {})];
}

async function textOf(bytes: Uint8Array, sha256: string): Promise<string> {
  try {
    return await documentText(bytes);
  } catch (cause) {
    throw platformError("UPLOAD_UNREADABLE", { fields: { sha256, why: messageOf(cause) }, cause });
  }
}
