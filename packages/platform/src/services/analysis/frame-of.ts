import { catalogerVersions, isOneChain } from "@plimsoll/catalog";
import { readSbomText } from "@plimsoll/formats";
import type { ImageInfo, Sbom } from "@plimsoll/model";
import { platformError } from "../../errors.ts";

/** Parts of an SBOM, as they came. */
export interface ImageFacts {
  readonly source: unknown;
  readonly image: unknown;
  readonly problems: unknown;
}

/** Most layers of an image. */
const mostLayers = 1000;

/** What an image's documents say as an SBOM without packages, read as strictly as any. Throws BAD_SBOM, ANALYSIS_UNREADABLE. */
export async function frameOf(facts: ImageFacts): Promise<Sbom & { readonly image: ImageInfo }> {
  const { source, image, problems } = facts;
  const whole = {
    schemaVersion: 1,
    source,
    image,
    distro: null,
    packages: [],
    problems,
    catalogers: catalogerVersions(),
  };
  const frame = await readSbomText(JSON.stringify(whole));
  if (frame.image === null || frame.source.kind !== "image") throw unreadable("it is no image");
  const { layers } = frame.image;
  if (layers.length > mostLayers) throw unreadable(`it has more than ${mostLayers} layers`);
  if (!isOneChain(layers)) throw unreadable("its chainIDs are not those of its layers");
  return { ...frame, image: frame.image };
}

function unreadable(why: string) {
  return platformError("ANALYSIS_UNREADABLE", { fields: { why } });
}
