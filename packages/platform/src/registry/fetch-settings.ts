import type { OutboundSettings } from "./outbound.ts";

/** How this server fetches and reads images by itself; plain data, so that threads can be told. */
export interface FetchSettings {
  readonly outbound: OutboundSettings;
  /** Folder in which it is kept what layers hold. */
  readonly layersFolder: string;
  /** Heap that reading one image may take, MiB. */
  readonly heapMb: number;
}
