import { bomOf, type SpecVersion } from "../cyclonedx/bom.ts";
import type { SbomFormat } from "../format.ts";
import { bomXml, bomXmlPieces } from "./write-xml.ts";

const xml = (specVersion: SpecVersion): Omit<Required<SbomFormat>, "name" | "read"> => ({
  mediaType: `application/vnd.cyclonedx+xml; version=${specVersion}`,
  extension: "cdx.xml",
  write: (sbom, options) => bomXml(bomOf(sbom, options), specVersion, options.serial),
  pieces: (sbom, options) => bomXmlPieces(bomOf(sbom, options), specVersion, options.serial),
});

/** CycloneDX 1.6 XML. */
export const cyclonedxXml = { name: "cyclonedx-xml", ...xml("1.6") } satisfies SbomFormat;
/** The same as 1.5, for readers that know no later one. */
export const cyclonedxXml15 = { name: "cyclonedx-xml-1-5", ...xml("1.5") } satisfies SbomFormat;
/** The same as 1.7. */
export const cyclonedxXml17 = { name: "cyclonedx-xml-1-7", ...xml("1.7") } satisfies SbomFormat;
