import { type ImageReference, parseReference } from "@plimsoll/source";
import { everybodysScope } from "../../identity/trust.ts";
import type { ImageProgress } from "../../image-scan/image-task.ts";
import { readImage } from "../../image-scan/read-image.ts";
import type { Task } from "../../jobs/job.ts";
import { findAccess, type TeamAccess } from "../../registry/find-access.ts";
import { openOutbound } from "../../registry/outbound.ts";
import { registryFault } from "../../registry/registry-fault.ts";
import type { AssetKind } from "../../store/ingest/asset.ts";
import type { JobSummary, Progress } from "../../store/jobs/job-row.ts";
import { imageOfAsset } from "../../store/results/asset-by-id.ts";
import type { Services } from "../services.ts";
import { keepScanned } from "./keep-scanned.ts";

/** What a job of Scan Now is told. */
export interface ImageToScan {
  /** In full: `registry/repository[:tag][@digest]`. */
  readonly image: string;
  readonly platform: string | null;
  readonly stage: "registry" | "runtime";
  readonly asset: {
    readonly kind: AssetKind;
    readonly name: string;
    readonly scope: Readonly<Record<string, string>>;
  };
}

export interface ScannedImage {
  readonly resultId: string;
  readonly summary: JobSummary;
}

/**
 * Pulls an image with what its team may use, reads and judges it, and keeps the result. What is pulled is held to the
 * digest that its tag had when it was asked for it. Throws REGISTRY_LOGIN_MISSING and the other faults of registries in
 * the words of those who keep credentials here, what reading an image throws, BUSY.
 */
export async function scanImage({
  services,
  payload,
  signal,
  progress,
  job,
}: Task<ImageToScan>): Promise<ScannedImage> {
  const reference = parseReference(payload.image);
  const { team } = job;
  const { found, isOwn } = await pulled(services, { payload, reference, team, signal, progress });
  signal.throwIfAborted();
  progress({ step: "judging", done: 0, total: 1 });
  const asset = { ...payload.asset, team };
  const before = await imageOfAsset(services.pool, asset);
  const scope = isOwn && team !== null ? team : everybodysScope;
  const resultId = await keepScanned(services, { found, asset, stage: payload.stage, scope, job: job.id });
  const imageId = found.sbom.image?.imageId ?? null;
  const hasMoved = before !== null && imageId !== `sha256:${before}`;
  return {
    resultId,
    summary: {
      image: payload.image,
      digest: found.sbom.image?.digest ?? null,
      imageId,
      packages: found.sbom.packages.filter(({ removedIn }) => removedIn === undefined).length,
      problems: found.sbom.problems.length,
      // The name stands for another image than at its last scan.
      hasMoved,
      ...(hasMoved && { imageIdBefore: `sha256:${before}` }),
    },
  };
}

interface Pull extends Pick<Task<ImageToScan>, "payload" | "signal" | "progress"> {
  readonly reference: ImageReference;
  readonly team: number | null;
}

/** What the image holds, and whether only the team's own login opened it. */
async function pulled(services: Services, { payload, reference, team, signal, progress }: Pull) {
  const { outbound, layersFolder, heapMb } = services.fetching;
  let used: TeamAccess | null = null;
  progress({ step: "opening", done: 0, total: null });
  try {
    using http = openOutbound(outbound);
    used = await findAccess(services, http, { team, reference });
    const { image, platform } = payload;
    const task = { reference: image, platform, access: used.access, outbound, layersFolder };
    const onProgress = (state: ImageProgress): void => progress(layersProgress(state));
    return { found: await readImage(task, { heapMb, signal, onProgress }), isOwn: used.isOwn };
  } catch (error) {
    signal.throwIfAborted();
    throw registryFault(error, { ...reference, credential: used?.credential ?? null });
  }
}

function layersProgress({ layersDone, layersTotal, bytes, bytesTotal, layers }: ImageProgress): Progress {
  const each = layers.map((state, index) => ({ name: `layer ${index + 1}`, state }));
  const state = bytes === bytesTotal ? ("done" as const) : ("running" as const);
  const parts = [{ name: "bytes", state, done: bytes, total: bytesTotal }, ...each];
  return { step: "reading layers", done: layersDone, total: layersTotal, parts };
}
