import { uuidOf } from "@plimsoll/model";
import type { Bom, SpecVersion } from "../cyclonedx/bom.ts";
import { jsonText } from "../json-text.ts";

/** A CycloneDX JSON document (ECMA-424). The serial number follows from the content, so the same content gives the same bytes. */
export function bomJson(bom: Bom, specVersion: SpecVersion): string {
  return jsonText({
    $schema: `http://cyclonedx.org/schema/bom-${specVersion}.schema.json`,
    bomFormat: "CycloneDX",
    specVersion,
    serialNumber: `urn:uuid:${uuidOf(JSON.stringify([specVersion, bom]))}`,
    version: 1,
    ...bom,
  });
}
