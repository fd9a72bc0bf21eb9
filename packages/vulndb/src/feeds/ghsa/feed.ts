import { parseSeverity } from "@plimsoll/model";
import type { Feed } from "../../feed.ts";
import { osvDumps, osvFeed } from "../../osv/osv-feed.ts";
import { memberOf, textOf } from "../../records/json-value.ts";

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
    },
    { title: "GitHub Advisory Database", licence: "CC-BY-4.0", redistributable: true },
  ),
  upstream: (http, wanted) => osvDumps(http, { wanted, ids }),
};
