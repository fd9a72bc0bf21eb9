import type { Feed, FeedFile } from "../../feed.ts";
import { advisoryOfOsv } from "../../osv/osv-advisory.ts";
import { osvFeed, parseOsvFile } from "../../osv/osv-feed.ts";
import type { OsvProfile } from "../../osv/osv-profile.ts";
import { type FeedItem, readEach } from "../../records/read-each.ts";
import { yamlDocument } from "../../records/yaml-document.ts";

const profile: OsvProfile = { feed: "pypa", provider: "pypiadvisory", ids: /^PYSEC-/ };

const json = osvFeed(profile, {
  title: "PyPA Advisory Database",
  licence: "CC-BY-4.0",
  redistributable: true,
});

/** Python advisories (github.com/pypa/advisory-database): OSV as YAML, or as JSON out of OSV.dev's dump. */
export const pypa: Feed = {
  ...json,
  recognises: (sample) => /^(---\s*)?id: PYSEC-\d{4}-\d+\s*$/m.test(sample.head) || json.recognises(sample),
  parse: (file) => (file.path.endsWith(".json") ? parseOsvFile(file, profile) : parseYamlFile(file)),
};

async function* parseYamlFile(file: FeedFile): AsyncGenerator<FeedItem> {
  const document = await yamlDocument(await file.text(), withoutVersions);
  yield* readEach({ feed: profile.feed, path: file.path }, [document], (value) => advisoryOfOsv(value, profile));
}

/**
 * Without the `versions:` lists where ranges say the same: they are nine tenths of the text, and the YAML reader is
 * slow (5 s against 1 s for the whole database).
 */
function withoutVersions(text: string): string {
  return hasEcosystemRange(text) ? text.replace(/^ {2}versions:\n(?: {2}- .*\n?)+/gm, "") : text;
}

function hasEcosystemRange(text: string): boolean {
  let isInRanges = false;
  for (const line of text.split("\n")) {
    if (isInRanges && /^ *- type: ECOSYSTEM$/.test(line)) return true;
    isInRanges = line === "  ranges:" || (isInRanges && line.startsWith(" "));
  }
  return false;
}
