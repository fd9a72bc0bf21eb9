import type { Feed } from "../../feed.ts";
import { parseRubysec } from "./parse.ts";

/** Gems (github.com/rubysec/ruby-advisory-db): YAML that names the good versions. */
export const rubysec: Feed = {
  id: "rubysec",
  version: 1,
  title: "RubySec advisory database",
  licence: "public domain (LICENSE.txt)",
  redistributable: true,
  provides: "advisories",
  recognises: ({ head }) =>
    /^gem: \S/m.test(head) && /^(patched_versions|unaffected_versions|cve|ghsa|osvdb|title):/m.test(head),
  parse: parseRubysec,
  upstream: async (_http, wanted) => {
    const url = "https://github.com/rubysec/ruby-advisory-db/archive/refs/heads/master.tar.gz";
    return wanted.includes("gem") ? [{ url, file: "rubysec.tar.gz", ecosystems: ["gem"] }] : [];
  },
};
