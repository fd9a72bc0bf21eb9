import { uuidOf } from "@plimsoll/model";
import type { Bom, SpecVersion } from "../cyclonedx/bom.ts";
import { jsonPart } from "../json-text.ts";

/** A CycloneDX JSON document (ECMA-424). The serial number follows from the content, so the same content gives the same bytes. */
export function bomJson(bom: Bom, specVersion: SpecVersion, serial?: string): string {
  return [...bomJsonPieces(bom, specVersion, serial)].join("");
}

/** The same text: what stands before the components, each of them, and what comes behind. */
export function* bomJsonPieces(bom: Bom, specVersion: SpecVersion, serial?: string): Generator<string> {
  const { metadata, components, ...behind } = bom;
  const before = {
    $schema: `http://cyclonedx.org/schema/bom-${specVersion}.schema.json`,
    bomFormat: "CycloneDX",
    specVersion,
    serialNumber: `urn:uuid:${serial ?? uuidOf(JSON.stringify([specVersion, bom]))}`,
    version: 1,
    metadata,
  };
  yield `{\n${membersOf(before)},\n  "components": [`;
  for (const [at, component] of components.entries()) {
    yield `${at === 0 ? "" : ","}\n    ${jsonPart(component, 2)}`;
  }
  yield components.length === 0 ? "]" : "\n  ]";
  yield Object.keys(behind).length === 0 ? "\n}\n" : `,\n${membersOf(behind)}\n}\n`;
}

/** The members of an object as they stand in a document of its own. */
function membersOf(value: Readonly<Record<string, unknown>>): string {
  return jsonPart(value, 0).slice("{\n".length, -"\n}".length);
}
