import type { Feed } from "./feed.ts";
import { almalinuxOsv } from "./feeds/almalinux-osv/feed.ts";
import { drupalOsv } from "./feeds/drupal-osv/feed.ts";
import { ghsa } from "./feeds/ghsa/feed.ts";
import { goVulndb } from "./feeds/go-vulndb/feed.ts";
import { osvMalicious } from "./feeds/osv-malicious/feed.ts";
import { pypa } from "./feeds/pypa/feed.ts";

/** The one list of feeds. Order decides which feed is asked first about an unknown file; recognition is exclusive. */
export const feeds: readonly Feed[] = [
  // advisories: languages
  ghsa,
  goVulndb,
  pypa,
  osvMalicious,
  drupalOsv,
  // advisories: distributions
  almalinuxOsv,
  // enrichment
];
