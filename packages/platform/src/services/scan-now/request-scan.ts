import { formatReference, type ImageReference, parsePlatform, parseReference } from "@plimsoll/source";
import { platformError } from "../../errors.ts";
import { type Actor, demand } from "../../identity/actor.ts";
import { enqueue } from "../../jobs/enqueue.ts";
import type { Priority } from "../../jobs/priorities.ts";
import { scanImageJob } from "../../jobs/scan-image.ts";
import { registryVendor } from "../../registry/registry-vendor.ts";
import { recordAudit } from "../../store/audit/record-audit.ts";
import type { AssetSeen } from "../../store/ingest/asset.ts";
import { visibleAsset } from "../../store/results/asset-by-id.ts";
import { inTransaction } from "../../store/transaction.ts";
import type { Services } from "../services.ts";
import type { ImageToScan } from "./scan-image.ts";

/** What is to be scanned by the server itself; at least one of the first two. */
export interface ScanRequest {
  /** `[registry/]repository[:tag][@sha256:…]`; absent: what the asset is called. */
  readonly image?: string | undefined;
  /** An asset that there is (16 hex digits), scanned or not: the result is its. Absent: the image in its registry. */
  readonly assetId?: string | undefined;
  /** `os/architecture[/variant]`; absent: linux on the server's architecture. */
  readonly platform?: string | undefined;
  /** Default: `manual`, before everything else. */
  readonly priority?: Priority | undefined;
}

/**
 * Has an image pulled and scanned by the server (Scan Now); returns the job's id, also that of one that is at it already.
 * Throws FORBIDDEN, NOT_FOUND (also for assets that the team does not see), INVALID_REFERENCE, INVALID_PLATFORM,
 * ASSET_WITHOUT_IMAGE.
 */
export async function requestScan(services: Services, actor: Actor, request: ScanRequest): Promise<string> {
  demand(actor, "scan-now.run");
  const known = request.assetId === undefined ? null : await assetOf(services, actor, request.assetId);
  const payload = imageToScan(request, known);
  const { image, platform, asset } = payload;
  const team = actor.team ?? known?.team ?? null;
  return inTransaction(services.pool, async (client) => {
    const key = [image, platform ?? "", asset.kind, asset.name, JSON.stringify(asset.scope)].join(" ");
    const asked = { priority: request.priority ?? "manual", key, team, askedBy: actor.id, payload } as const;
    const job = await enqueue(client, scanImageJob, asked);
    const detail = { image, platform, job, asset: asset.name };
    const at = services.clock();
    await recordAudit(client, actor, { action: "scan-now.request", subject: `job:${job}`, detail, at });
    return job;
  });
}

async function assetOf({ db }: Services, actor: Actor, id: string): Promise<AssetSeen> {
  const asset = await visibleAsset(db, actor, id);
  if (asset === null) throw platformError("NOT_FOUND", { fields: { what: "asset" } });
  return asset;
}

function imageToScan({ image: named, platform }: ScanRequest, known: AssetSeen | null): ImageToScan {
  if (platform !== undefined) parsePlatform(platform);
  const reference = referenceOf(named, known);
  const image = formatReference(reference);
  const wanted = { image, platform: platform ?? null };
  // What a pipeline built stays as it was; scanned by the server it is an image of a registry.
  if (known !== null && (known.kind === "workload" || known.kind === "container")) {
    const { kind, name, scope } = known;
    return { ...wanted, stage: "runtime", asset: { kind, name, scope } };
  }
  if (known !== null && known.kind === "registry") return { ...wanted, stage: "registry", asset: { ...known } };
  const { registry, repository } = reference;
  const scope = {
    "registry.name": registry,
    "repository.name": repository,
    "registry.vendor": registryVendor(registry),
  };
  return { ...wanted, stage: "registry", asset: { kind: "registry", name: image, scope } };
}

/** Label of a workload's image. A workload's own name is never asked of a registry. */
const imageLabel = "container.image";

function referenceOf(named: string | undefined, known: AssetSeen | null): ImageReference {
  if (named !== undefined) return parseReference(named);
  const isNamedByImage = known?.kind === "registry" || known?.kind === "pipeline";
  const name = isNamedByImage ? known.name : known?.scope[imageLabel];
  if (name === undefined) throw platformError("ASSET_WITHOUT_IMAGE", { fields: { name: known?.name ?? "" } });
  return parseReference(name);
}
