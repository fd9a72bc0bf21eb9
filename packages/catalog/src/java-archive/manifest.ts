import { decodeText, linesOf } from "../decode-text.ts";

/** Main attributes of a jar manifest, names in lower case. */
export type Manifest = ReadonlyMap<string, string>;

/** Bytes of a manifest that are looked at: signed jars list every file behind the main section. */
const lookedAt = 262_144;

/** Reads the main section (JAR File Specification, "JAR Manifest": lines wrap at 72 bytes with a leading blank). */
export function readManifest(bytes: Uint8Array): Manifest {
  const attributes = new Map<string, string>();
  let name = "";
  for (const line of linesOf(decodeText(bytes.subarray(0, lookedAt)))) {
    if (line === "") break;
    if (line.startsWith(" ")) {
      attributes.set(name, (attributes.get(name) ?? "") + line.slice(1));
      continue;
    }
    const colon = line.indexOf(":");
    if (colon <= 0) continue;
    name = line.slice(0, colon).toLowerCase();
    attributes.set(name, line.slice(colon + 1).trim());
  }
  return attributes;
}
