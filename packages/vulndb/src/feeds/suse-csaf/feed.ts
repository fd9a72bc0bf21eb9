import type { Feed } from "../../feed.ts";
import { parseSuseCsaf } from "./parse.ts";

/** SUSE's CSAF 2.0 documents: advisories (SUSE-SU, openSUSE-SU) and VEX, by binary package. */
export const suseCsaf: Feed = {
  id: "suse-csaf",
  version: 1,
  title: "SUSE CSAF advisories and VEX",
  licence: "CC-BY-4.0 (SUSE)",
  redistributable: true,
  provides: "advisories",
  recognises: ({ head }) =>
    /"csaf_version"\s*:\s*"2\.\d"/.test(head) && /"namespace"\s*:\s*"https:\/\/www\.suse\.com/.test(head),
  parse: parseSuseCsaf,
};
