import type { Feed, Upstream } from "../../feed.ts";
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
  upstream: async (_http, _wanted, now) => [...yearsUntil(now), "modified"].map(documentOf),
};

/** Ids of 1999 to 2001 lie in the file of 2002. The newest year's file may not have begun. */
function yearsUntil(now: number): string[] {
  const last = new Date(now).getUTCFullYear();
  return Array.from({ length: Math.max(0, last - 2001) }, (_, index) => String(2002 + index));
}

/** Yearly files are written anew every day, 250 MB together; what changed in the last 8 days is in `modified`. */
function documentOf(part: string, index: number, parts: readonly string[]): Upstream {
  const file = `nvdcve-2.0-${part}.json.gz`;
  const upstream = { url: `https://nvd.nist.gov/feeds/json/cve/2.0/${file}`, file, ecosystems: [] };
  return part === "modified" ? upstream : { ...upstream, freshDays: 6, optional: index === parts.length - 2 };
}
