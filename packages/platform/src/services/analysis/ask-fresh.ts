import { PlimsollError } from "@plimsoll/kit";
import type { ImageInfo, SourceInfo } from "@plimsoll/model";
import { formatReference, parseReference } from "@plimsoll/source";
import { enqueue } from "../../jobs/enqueue.ts";
import { scanImageJob } from "../../jobs/scan-image.ts";
import { registryVendor } from "../../registry/registry-vendor.ts";
import type { Services } from "../services.ts";

/** An image whose layers scanners disagree about. */
export interface Disputed {
  readonly source: SourceInfo;
  readonly image: ImageInfo;
  /** With whose registry credentials it is pulled. */
  readonly team: number | null;
}

/** Has the server read an image itself, where its name leads to a registry; elsewhere nobody but scanners can. */
export async function askFreshAnalysis(
  { pool }: Pick<Services, "pool">,
  { source, image, team }: Disputed,
): Promise<void> {
  const reference = source.transport === "registry" ? referenceOf(source.name, image) : null;
  if (reference === null) return;
  const { registry, repository } = reference;
  const name = formatReference(reference);
  const platform = [image.os, image.architecture, ...(image.variant === undefined ? [] : [image.variant])].join("/");
  const scope = {
    "registry.name": registry,
    "repository.name": repository,
    "registry.vendor": registryVendor(registry),
  };
  const asset = { kind: "registry", name, scope } as const;
  const payload = { image: name, platform, stage: "registry", asset } as const;
  await enqueue(pool, scanImageJob, { priority: "push", key: ["disputed", name, platform].join(" "), team, payload });
}

/** The very image, whatever its tag stands for by now. */
function referenceOf(name: string, { digest }: ImageInfo) {
  try {
    const reference = parseReference(name);
    return digest === null ? reference : { ...reference, digest };
  } catch (error) {
    if (error instanceof PlimsollError) return null;
    throw error;
  }
}
