import type { Progress } from "../entry.ts";

/** Bytes between two reports. */
const stepBytes = 1024 * 1024;

interface Sized {
  readonly size: number | null;
}

/** Adds up what several layers in flight have read, and tells at most once a megabyte. */
export class ProgressMeter {
  readonly #tell: ((progress: Progress) => void) | undefined;
  #layersDone = 0;
  #layersTotal: number | null;
  #bytes = 0;
  #bytesTotal: number | null;
  #told = 0;

  /** `layers`: what will be read, or, where that is not known yet, the size of the whole. */
  constructor(tell: ((progress: Progress) => void) | undefined, layers: readonly Sized[] | Sized) {
    this.#tell = tell;
    const all = "size" in layers ? [layers] : layers;
    this.#layersTotal = "size" in layers ? null : layers.length;
    const isKnown = all.every(({ size }) => size !== null);
    this.#bytesTotal = isKnown ? all.reduce((sum, { size }) => sum + (size ?? 0), 0) : null;
  }

  /** Bytes came from the source. */
  readonly bytes = (count: number): void => {
    this.#bytes += count;
    if (this.#bytes - this.#told >= stepBytes) this.#report();
  };

  /** A layer was read to its end. */
  done(): void {
    this.#layersDone++;
    this.#report();
  }

  /** A layer was known and need not be read. */
  skipped({ size }: Sized): void {
    if (this.#bytesTotal !== null) this.#bytesTotal -= size ?? 0;
    this.done();
  }

  #report(): void {
    this.#told = this.#bytes;
    this.#tell?.({
      layersDone: this.#layersDone,
      layersTotal: this.#layersTotal,
      bytes: this.#bytes,
      bytesTotal: this.#bytesTotal,
    });
  }
}
