import { decodeText, linesOf } from "../decode-text.ts";
import type { Coordinates } from "./coordinates.ts";

/** Reads META-INF/maven/…/pom.properties, which Maven's archiver writes: groupId, artifactId, version. */
export function readPomProperties(bytes: Uint8Array): Partial<Coordinates> {
  const values = new Map<string, string>();
  for (const line of linesOf(decodeText(bytes.subarray(0, 65_536)))) {
    const match = /^\s*(groupId|artifactId|version)\s*[=:](.*)$/.exec(line);
    if (match !== null) values.set(match[1] ?? "", (match[2] ?? "").trim().replace(/\\(.)/g, "$1"));
  }
  return {
    group: values.get("groupId") ?? "",
    artifact: values.get("artifactId") ?? "",
    version: values.get("version") ?? "",
  };
}
