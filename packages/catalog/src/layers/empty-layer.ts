import type { LayerFacts } from "./layer-facts.ts";

/** A layer that says nothing. */
export const emptyLayer: LayerFacts = {
  schemaVersion: 1,
  evidence: [],
  whiteouts: [],
  opaque: [],
  symlinks: [],
  folders: [],
  files: [],
  unreadLinks: [],
  problems: [],
};
