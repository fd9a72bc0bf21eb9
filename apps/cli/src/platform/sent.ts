import type { Sbom } from "@plimsoll/model";

/** An SBOM that was uploaded, or an image of which what is not known there was. */
export type Sent =
  | { readonly upload: string; readonly sbom: Sbom }
  | { readonly analysis: object; readonly frame: Pick<Sbom, "source" | "image"> };
