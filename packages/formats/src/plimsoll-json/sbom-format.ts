import type { SbomFormat } from "../format.ts";
import { jsonText } from "../json-text.ts";
import { readSbom } from "./read-sbom.ts";

/** Our own SBOM document as it travels between analyze and evaluate: nothing is lost, and it can be scanned again (`sbom:FILE`). */
export const plimsollJson = {
  name: "plimsoll-json",
  mediaType: "application/vnd.plimsoll.sbom.v1+json",
  extension: "plimsoll.json",
  write: (sbom, { pullString }) => {
    const named = pullString === undefined ? sbom : { ...sbom, source: { ...sbom.source, name: pullString } };
    return jsonText(named);
  },
  read: readSbom,
} satisfies SbomFormat;
