import type { Feed } from "../../feed.ts";
import { osvFeed } from "../../osv/osv-feed.ts";
import { memberOf, objectsOf } from "../../records/json-value.ts";
import { isNoticeWord, parseRustsec } from "./parse.ts";

const json = osvFeed(
  {
    feed: "rustsec",
    provider: "rustsec",
    ids: /^RUSTSEC-/,
    isFlaw: (document) => !objectsOf(document.affected).some(isNotice),
  },
  { title: "RustSec Advisory Database", licence: "CC0-1.0", redistributable: true },
);

/** Crates (github.com/rustsec/advisory-db): Markdown with TOML in front, or OSV documents out of OSV.dev's dump. */
export const rustsec: Feed = {
  ...json,
  recognises: (sample) => /^```toml\s+\[advisory\]\s/.test(sample.head) || json.recognises(sample),
  parse: (file) => (file.path.endsWith(".json") ? json.parse(file) : parseRustsec(file)),
};

function isNotice(affected: unknown): boolean {
  return isNoticeWord(memberOf(affected, "database_specific", "informational"));
}
