import type { Feed } from "../../feed.ts";
import { parsePoc } from "./parse.ts";

/** Counts of proof-of-concept references for each CVE, derived from github.com/trickest/cve. */
export const poc: Feed = {
  id: "poc",
  version: 2,
  title: "Proof-of-concept references (trickest/cve)",
  licence: "MIT",
  redistributable: true,
  provides: "enrichment",
  recognises: ({ head }) => /^\ufeff?cve\tpoc_references\tgithub_pocs\r?\n/.test(head),
  parse: (file) => parsePoc("poc", file),
};
