import { bomOf, type SpecVersion } from "../cyclonedx/bom.ts";
import type { SbomFormat } from "../format.ts";
import { bomJson, bomJsonPieces } from "./write-json.ts";

const json = (specVersion: SpecVersion): Omit<Required<SbomFormat>, "name" | "read"> => ({
  mediaType: `application/vnd.cyclonedx+json; version=${specVersion}`,
  extension: "cdx.json",
  write: (sbom, options) => bomJson(bomOf(sbom, options), specVersion, options.serial),
  pieces: (sbom, options) => bomJsonPieces(bomOf(sbom, options), specVersion, options.serial),
});

/** CycloneDX 1.6 JSON. */
export const cyclonedxJson = { name: "cyclonedx-json", ...json("1.6") } satisfies SbomFormat;
/** The same as 1.5, for readers that know no later one. */
export const cyclonedxJson15 = { name: "cyclonedx-json-1-5", ...json("1.5") } satisfies SbomFormat;
/** The same as 1.7. */
export const cyclonedxJson17 = { name: "cyclonedx-json-1-7", ...json("1.7") } satisfies SbomFormat;
