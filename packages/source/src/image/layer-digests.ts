import type { DiffId, Digest } from "@plimsoll/model";
import type { FileSpan } from "../archive/regular-file.ts";
import { DigestThreads } from "../digest/digest-threads.ts";
import { sourceError } from "../errors.ts";
import type { PlannedLayer } from "./image-plan.ts";

/** Digests of an image's layers that lie uncompressed in a file, each taken once and while others read the layer. */
export class LayerDigests implements AsyncDisposable {
  readonly #threads = new DigestThreads();
  readonly #checks = new Map<DiffId, Promise<void>>();

  /** Resolves when the layer is what its image promised. Throws DIGEST_MISMATCH, DIFF_ID_MISMATCH, FILE_SHRANK, FILE_UNREADABLE. */
  check(layer: PlannedLayer, span: FileSpan): Promise<void> {
    const known = this.#checks.get(layer.diffId);
    if (known !== undefined) return known;
    const check = this.#threads.digest(span).then((found) => compare(layer, found));
    this.#checks.set(layer.diffId, check);
    return check;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#threads[Symbol.asyncDispose]();
  }
}

/** Uncompressed, so that both names of a layer are the digest of the same bytes. */
function compare({ label, digest, diffId }: PlannedLayer, found: Digest): void {
  if (digest !== null && digest !== found) {
    throw sourceError("DIGEST_MISMATCH", { fields: { label, expected: digest, found } });
  }
  if ((diffId as string) !== found) {
    throw sourceError("DIFF_ID_MISMATCH", { fields: { label, expected: diffId, found } });
  }
}
