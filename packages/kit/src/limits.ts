/** Every limit on bytes, entries, depth and ratio that hostile input meets; tested at limit and limit + 1. */
export interface Limits {
  /** A file larger than this is not read (spec 2.4: 100 MB); bytes. */
  readonly fileBytes: number;
  /** Uncompressed bytes of one layer. */
  readonly layerBytes: number;
  /** Uncompressed bytes of a whole image. */
  readonly imageBytes: number;
  /** tar entries in one layer. */
  readonly layerEntries: number;
  readonly layers: number;
  /** Characters of one path. */
  readonly pathLength: number;
  /** Uncompressed : compressed, judged once `ratioFloorBytes` came out. */
  readonly ratio: number;
  readonly ratioFloorBytes: number;
  /** Manifest, index or config document; bytes. */
  readonly documentBytes: number;
  /** Archives within archives. */
  readonly archiveDepth: number;
  /** Entries of one zip archive. */
  readonly archiveEntries: number;
  /** Uncompressed bytes read from one outer archive, all nesting together. */
  readonly archiveBytes: number;
  /** Packages of one source. */
  readonly packages: number;
}

export const defaultLimits: Limits = {
  fileBytes: 104_857_600,
  layerBytes: 32 * 2 ** 30,
  imageBytes: 64 * 2 ** 30,
  layerEntries: 2_000_000,
  layers: 1_000,
  pathLength: 4_096,
  // Deflate ends near 1032:1. A layer of zeros alone reaches that too, so small ones are let through.
  ratio: 500,
  ratioFloorBytes: 2 ** 30,
  documentBytes: 8 * 2 ** 20,
  archiveDepth: 8,
  archiveEntries: 200_000,
  archiveBytes: 2 * 2 ** 30,
  packages: 500_000,
};
