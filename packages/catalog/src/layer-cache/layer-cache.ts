/**
 * Keeps bytes by a text that names them, for this and later runs. What it gives was kept by the same program; anything
 * may be missing at any time. No method throws: a cache that does not work makes a scan slower, not wrong.
 */
export interface LayerCache {
  /** The bytes as they were kept; `null` when there are none, or not all of them. */
  get(key: string): Uint8Array | null;
  /** Key → bytes. */
  keep(entries: ReadonlyMap<string, Uint8Array>): void;
}
