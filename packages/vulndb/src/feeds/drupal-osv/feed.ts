import type { Feed } from "../../feed.ts";
import { osvFeed } from "../../osv/osv-feed.ts";

/** Drupal core and contributed projects under their Composer names (github.com/ackama/drupal-advisory-database). */
export const drupalOsv: Feed = osvFeed(
  { feed: "drupal-osv", provider: "drupal", ids: /^(DSA-(CONTRIB|CORE)-|DRUPAL-)/ },
  { title: "Drupal security advisories (OSV)", licence: "MIT", redistributable: true },
);
