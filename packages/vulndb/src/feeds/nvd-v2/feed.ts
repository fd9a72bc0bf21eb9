import type { Feed } from "../../feed.ts";
import { parseNvdV2 } from "./parse.ts";

/** NVD JSON 2.0: yearly and modified files, and pages of the CVE API. */
export const nvdV2: Feed = {
  id: "nvd-v2",
  version: 1,
  title: "NVD (JSON 2.0)",
  licence: "public domain (US government work)",
  redistributable: true,
  provides: "enrichment",
  recognises: ({ head }) => /"format"\s*:\s*"NVD_CVE"/.test(head) && head.includes('"vulnerabilities"'),
  parse: (file) => parseNvdV2("nvd-v2", file),
};
