import type { Feed } from "./feed.ts";

/** The one list of feeds. Order decides which feed is asked first about an unknown file; recognition is exclusive. */
export const feeds: readonly Feed[] = [
  // advisories: languages
  // advisories: distributions
  // enrichment
];
