import { parseSeverity } from "@plimsoll/model";
import type { Feed } from "../../feed.ts";
import { osvDumps, osvFeed } from "../../osv/osv-feed.ts";
import { type JsonObject, memberOf, textOf } from "../../records/json-value.ts";

/** Ecosystems whose dump at OSV.dev holds GitHub's advisories (and those of PyPA, RustSec and the malicious packages). */
const ids = ["npm", "maven", "nuget", "composer", "pypi", "gem", "cargo"];

/** GitHub's reviewed advisories (github.com/github/advisory-database), as OSV documents. */
export const ghsa: Feed = {
  ...osvFeed(
    {
      feed: "ghsa",
      provider: "github",
      ids: /^GHSA-/,
      severity: (document) =>
        parseSeverity(textOf(memberOf(document, "database_specific", "severity")) ?? "") ?? undefined,
      isWithdrawn,
    },
    { title: "GitHub Advisory Database", licence: "CC-BY-4.0", redistributable: true },
  ),
  upstream: (http, wanted) => osvDumps(http, { wanted, ids }),
};

/**
 * GitHub heads the summary or the details of a withdrawn advisory with the word, which also mirrors keep that lose the
 * field `withdrawn` (212 of 19,091 in one of February 2025: duplicates and flaws that are none).
 */
function isWithdrawn({ summary, details }: JsonObject): boolean {
  const [title, text] = [textOf(summary) ?? "", (textOf(details) ?? "").slice(0, 300)];
  const heading = /^[\W_]{0,20}(withdrawn|duplicate advisory)\b/i;
  return heading.test(title) || heading.test(text) || /\bthis advisory (has been|is|was) withdrawn\b/i.test(text);
}
