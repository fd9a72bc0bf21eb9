import type { DiffId, Sbom } from "@plimsoll/model";
import type { Progress } from "@plimsoll/source";
import type { OutboundSettings } from "../registry/outbound.ts";
import type { RegistryAccess } from "../registry/registry-access.ts";
import type { LayerState } from "./watched-layers.ts";

/** What a thread is asked: plain data. */
export interface ImageTask {
  /** `[registry/]repository[:tag][@digest]` */
  readonly reference: string;
  /** `os/architecture[/variant]`; `null`: linux on this machine's architecture. */
  readonly platform: string | null;
  readonly access: RegistryAccess;
  readonly outbound: OutboundSettings;
  readonly layersFolder: string;
}

/** What an image holds, and each of its layers, to be kept for others. */
export interface ImageFound {
  readonly sbom: Sbom;
  /** As `readLayerDocument` reads them; `null`: the image could only be read as a whole. */
  readonly layers: ReadonlyMap<DiffId, Uint8Array> | null;
}

export interface ImageProgress extends Progress {
  /** Lowest first; empty: not known yet. */
  readonly layers: readonly LayerState[];
}
