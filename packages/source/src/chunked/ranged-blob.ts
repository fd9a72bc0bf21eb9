import { sourceError } from "../errors.ts";
import type { PlannedLayer } from "../image/image-plan.ts";
import type { RegistryClient } from "../registry/registry-client.ts";
import { UnusableToc } from "./toc.ts";

/** A layer's blob of which parts are read. */
export interface RangedBlob {
  readonly label: string;
  /** Bytes in all. */
  readonly size: number;
  /** The bytes from `start` up to `end`. Throws {@link UnusableToc} when the registry does not give exactly these. */
  read(start: number, end: number): Promise<Buffer>;
}

/** Reads parts of a blob by Range requests (RFC 9110 section 14). */
export function rangedBlob(
  client: RegistryClient,
  layer: PlannedLayer & { readonly size: number },
  { signal, onBytes }: { readonly signal: AbortSignal; readonly onBytes?: (bytes: number) => void },
): RangedBlob {
  const { label, size } = layer;
  // Pieces that lie over each other would be fetched again and again.
  let left = 2 * size + 2 ** 20;
  return {
    label,
    size,
    async read(start, end) {
      left -= end - start;
      if (left < 0) throw new UnusableToc("more is to be read than there is");
      const range = `bytes=${start}-${end - 1}`;
      const response = await client.get(`blobs/${layer.where}`, { signal, range });
      if (response.status !== 206 || response.headers["content-range"] !== `bytes ${start}-${end - 1}/${size}`) {
        response.discard();
        if (response.status === 404) throw sourceError("LAYER_NOT_FOUND", { fields: { label } });
        throw new UnusableToc("the registry gives no parts of a blob");
      }
      const bytes = Buffer.from(await response.bytes(end - start));
      onBytes?.(bytes.length);
      if (bytes.length !== end - start) throw new UnusableToc("the registry gives other parts than it says");
      return bytes;
    },
  };
}
