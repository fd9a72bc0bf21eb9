import type { SbomFormat } from "../format.ts";
import { jsonText } from "../json-text.ts";
import { spdxDocument } from "./spdx-document.ts";

/** SPDX 2.3 JSON (ISO/IEC 5962:2021 and its 2.3 successor). */
export const spdxJson = {
  name: "spdx-json",
  mediaType: "application/spdx+json; version=2.3",
  extension: "spdx.json",
  write: (sbom, options) => jsonText(spdxDocument(sbom, options)),
} satisfies SbomFormat;
