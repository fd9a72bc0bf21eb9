import type { Feed } from "../../feed.ts";
import { parseMetasploit } from "./parse.ts";

const metadataBase =
  "https://raw.githubusercontent.com/rapid7/metasploit-framework/master/db/modules_metadata_base.json";

/** Modules of the Metasploit framework: its own metadata base, or the list by CVE made from it (vulsio/msfdb-list). */
export const metasploit: Feed = {
  id: "metasploit",
  version: 1,
  title: "Metasploit modules",
  licence: "BSD-3-Clause",
  redistributable: true,
  provides: "enrichment",
  recognises: ({ head }) => isMetadataBase(head) || isListOfCve(head),
  parse: (file) => parseMetasploit("metasploit", file),
  upstream: async () => [{ url: metadataBase, file: "modules_metadata_base.json", ecosystems: [] }],
};

function isMetadataBase(head: string): boolean {
  return /^\s*\{\s*"(auxiliary|encoder|evasion|exploit|nop|payload|post)_/.test(head) && head.includes('"fullname"');
}

function isListOfCve(head: string): boolean {
  return /^\s*\[\s*\{\s*"Name"\s*:/.test(head) && head.includes('"CveIDs"');
}
