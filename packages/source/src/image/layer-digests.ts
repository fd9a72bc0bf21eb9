import { availableParallelism } from "node:os";
import type { DiffId } from "@plimsoll/model";
import type { FileSpan } from "../archive/regular-file.ts";
import { DigestThreads } from "../digest/digest-threads.ts";
import { checkDigests } from "../stream/read-layer.ts";
import type { PlannedLayer } from "./image-plan.ts";

/** Bytes from which on a second thread is worth its 10 MB, where a third processor is there for it. */
const worthTwo = 2 ** 29;

/** Digests of an image's layers that lie uncompressed in a file, each taken once and while others read the layer. */
export class LayerDigests implements AsyncDisposable {
  readonly #threads: DigestThreads;
  readonly #checks = new Map<DiffId, Promise<void>>();

  /** `bytes`: of all layers. */
  constructor(bytes: number) {
    this.#threads = new DigestThreads(bytes > worthTwo && availableParallelism() > 2 ? 2 : 1);
  }

  /** Resolves when the layer is what its image promised. Throws DIGEST_MISMATCH, DIFF_ID_MISMATCH, FILE_SHRANK, FILE_UNREADABLE. */
  check(layer: PlannedLayer, span: FileSpan): Promise<void> {
    const known = this.#checks.get(layer.diffId);
    if (known !== undefined) return known;
    const check = this.#threads.digest(span).then((digest) => {
      // Uncompressed: both names of the layer are the digest of the same bytes.
      checkDigests(layer, { digest, diffId: digest as string as DiffId });
    });
    this.#checks.set(layer.diffId, check);
    return check;
  }

  /** All layers were read: this thread helps. */
  help(): void {
    this.#threads.help();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#threads[Symbol.asyncDispose]();
  }
}
