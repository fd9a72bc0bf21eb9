import type { World } from "./world.ts";

/** One rewritten line on stderr while something takes long; nothing at all elsewhere. */
export interface ProgressLine extends Disposable {
  /** Says what is going on; shown at most ten times a second, and not before 300 ms have passed. */
  show(text: string): void;
}

const startAfterMs = 300;
const everyMs = 100;

/** Only terminals are shown progress: a log file of a thousand half lines helps nobody. */
export function openProgress(world: World, wanted: boolean): ProgressLine {
  const { stderr, elapsed } = world;
  if (!wanted || !stderr.isTerminal || world.env.TERM === "dumb") {
    return { show: () => undefined, [Symbol.dispose]: () => undefined };
  }
  const startedAt = elapsed();
  let shownAt = Number.NEGATIVE_INFINITY;
  let isShown = false;
  return {
    show: (text) => {
      const now = elapsed();
      if (now - startedAt < startAfterMs || now - shownAt < everyMs) return;
      shownAt = now;
      isShown = true;
      void stderr.write(`\r${[...text].slice(0, Math.max(10, (stderr.columns ?? 80) - 1)).join("")}\u001b[K`);
    },
    [Symbol.dispose]: () => {
      if (isShown) void stderr.write("\r\u001b[K");
    },
  };
}

/** Bytes, rate and layers in words: `layer 3 of 12, 45.2 MB of 187 MB, 23.1 MB/s`. */
export function readingText(
  progress: {
    readonly layersDone: number;
    readonly layersTotal: number | null;
    readonly bytes: number;
    readonly bytesTotal: number | null;
  },
  seconds: number,
  sizeText: (bytes: number) => string,
): string {
  const { layersDone, layersTotal, bytes, bytesTotal } = progress;
  const layers = layersTotal === null ? [] : [`${layersDone} of ${layersTotal} layers`];
  const size =
    bytesTotal === null || bytesTotal < bytes ? sizeText(bytes) : `${sizeText(bytes)} of ${sizeText(bytesTotal)}`;
  const rate = seconds > 0.2 ? [`${sizeText(bytes / seconds)}/s`] : [];
  return [...layers, size, ...rate].join(", ");
}
