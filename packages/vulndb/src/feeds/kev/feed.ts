import type { Feed } from "../../feed.ts";
import { parseKev } from "./parse.ts";

const catalogue = "https://www.cisa.gov/sites/default/files/feeds/known_exploited_vulnerabilities.json";

/** CISA's catalogue of known exploited vulnerabilities, as JSON or CSV. */
export const kev: Feed = {
  id: "kev",
  version: 1,
  title: "CISA Known Exploited Vulnerabilities",
  licence: "CC0-1.0",
  redistributable: true,
  provides: "enrichment",
  recognises: ({ head }) => isCatalogue(head) || /^\ufeff?cveID,/.test(head),
  parse: (file) => parseKev("kev", file),
  upstream: async () => [{ url: catalogue, file: "known_exploited_vulnerabilities.json", ecosystems: [] }],
};

function isCatalogue(head: string): boolean {
  return (
    head.includes('"catalogVersion"') &&
    head.includes('"vulnerabilities"') &&
    head.includes('"knownRansomwareCampaignUse"')
  );
}
