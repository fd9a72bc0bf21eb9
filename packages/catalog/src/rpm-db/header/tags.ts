/** Numbers of the header tags that are read (rpm, docs/manual/tags.md). */
export const tags = {
  /** Hex digests of the region that the builder signed. */
  sha1Header: 269,
  sha256Header: 273,
  name: 1000,
  version: 1001,
  release: 1002,
  epoch: 1003,
  vendor: 1011,
  license: 1014,
  arch: 1022,
  /** Whole paths: what rpm 3 wrote in place of the three below. */
  oldFilenames: 1027,
  fileStates: 1029,
  sourceRpm: 1044,
  dirIndexes: 1116,
  basenames: 1117,
  dirnames: 1118,
  modularityLabel: 5096,
} as const;
