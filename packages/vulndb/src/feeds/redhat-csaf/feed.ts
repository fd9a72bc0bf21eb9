import type { Feed } from "../../feed.ts";
import { parseRedhatCsaf } from "./parse.ts";

/**
 * Red Hat's CSAF 2.0 documents: VEX (one for each CVE, with unfixed states) and advisories (one for each erratum). Without
 * upstream: the archive of all VEX documents unpacks beyond what an update may bring in; the OVAL feed covers RHEL.
 */
export const redhatCsaf: Feed = {
  id: "redhat-csaf",
  version: 1,
  title: "Red Hat CSAF VEX and advisories",
  licence: "CC-BY-4.0 (Red Hat)",
  redistributable: true,
  provides: "advisories",
  recognises: ({ head }) =>
    /"csaf_version"\s*:\s*"2\.\d"/.test(head) && /"namespace"\s*:\s*"https:\/\/(www|access)\.redhat\.com/.test(head),
  parse: parseRedhatCsaf,
};
