import type { Feed } from "../../feed.ts";
import { parseNvd } from "./parse.ts";

/** NVD's retired JSON 1.1 files (nvdcve-1.1-YYYY.json), of which mirrors still exist. */
export const nvd: Feed = {
  id: "nvd",
  version: 1,
  title: "NVD (JSON 1.1)",
  licence: "public domain (US government work)",
  redistributable: true,
  provides: "enrichment",
  recognises: ({ head }) => head.includes('"CVE_data_type"') && head.includes('"CVE_Items"'),
  parse: (file) => parseNvd("nvd", file),
};
