import { PlimsollError } from "@plimsoll/kit";
import { sourceError } from "../errors.ts";
import type { PlannedLayer } from "../image/image-plan.ts";
import { freeChunk } from "../stream/chunk-memory.ts";
import type { RegistryClient } from "./registry-client.ts";

/** Times a broken download is taken up again where it broke. */
const resumptions = 4;

/**
 * The bytes of a layer's blob; a broken connection is taken up by a Range request. Digest and size are checked by the
 * reader. A chunk's memory goes when the next is asked for (see {@link freeChunk}).
 */
export async function* blobBytes(
  client: RegistryClient,
  layer: PlannedLayer,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array, void, undefined> {
  let received = 0;
  for (let left = resumptions; ; left--) {
    const before = received;
    try {
      for await (const chunk of await rangeOf(client, layer, { from: received, signal })) {
        received += chunk.length;
        yield chunk;
        freeChunk(chunk);
      }
      return;
    } catch (error) {
      // Only as long as it gets further.
      if (!isBroken(error) || left === 0 || received === before) throw error;
    }
  }
}

async function rangeOf(
  client: RegistryClient,
  layer: PlannedLayer,
  { from, signal }: { readonly from: number; readonly signal: AbortSignal },
): Promise<AsyncIterable<Uint8Array>> {
  const response = await client.get(`blobs/${layer.where}`, { signal, ...(from > 0 && { range: `bytes=${from}-` }) });
  if (response.status === 404) {
    response.discard();
    throw sourceError("LAYER_NOT_FOUND", { fields: { label: layer.label } });
  }
  const resumed = from > 0 && new RegExp(`^bytes ${from}-`).test(response.headers["content-range"] ?? "");
  return from === 0 || (response.status === 206 && resumed) ? response.body : without(response.body, from);
}

/** A server that knows no ranges sends all again: what is known already is passed over, and the digest tells if it changed. */
async function* without(body: AsyncIterable<Uint8Array>, from: number): AsyncGenerator<Uint8Array, void, undefined> {
  let left = from;
  for await (const chunk of body) {
    const cut = Math.min(left, chunk.length);
    left -= cut;
    if (cut < chunk.length) yield chunk.subarray(cut);
  }
}

function isBroken(error: unknown): boolean {
  return error instanceof PlimsollError && (error.code === "BODY_BROKEN" || error.code === "TIMEOUT");
}
