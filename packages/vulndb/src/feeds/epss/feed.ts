import type { Feed } from "../../feed.ts";
import { parseEpss } from "./parse.ts";

/** Daily EPSS scores of FIRST.org. */
export const epss: Feed = {
  id: "epss",
  version: 1,
  title: "EPSS (FIRST.org)",
  licence: "FIRST.org EPSS terms: free use with attribution",
  redistributable: true,
  provides: "enrichment",
  recognises: ({ head }) => /^\ufeff?(#[^\n]*\n)*cve,epss,percentile\r?\n/.test(head),
  parse: (file) => parseEpss("epss", file),
  upstream: async () => [
    {
      url: "https://epss.empiricalsecurity.com/epss_scores-current.csv.gz",
      file: "epss_scores-current.csv.gz",
      ecosystems: [],
    },
  ],
};
