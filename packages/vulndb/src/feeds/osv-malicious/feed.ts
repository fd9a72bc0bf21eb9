import type { Feed } from "../../feed.ts";
import { osvFeed } from "../../osv/osv-feed.ts";

/** Packages published to do harm (github.com/ossf/malicious-packages): critical by nature, they have no CVSS. */
export const osvMalicious: Feed = osvFeed(
  { feed: "osv-malicious", provider: "ossf", ids: /^MAL-/, severity: () => "critical" },
  { title: "OpenSSF malicious packages", licence: "Apache-2.0", redistributable: true },
);
