import { BytesIn } from "./bytes-in.ts";
import { BytesOut } from "./bytes-out.ts";
import { LayoutFault } from "./page-file.ts";

/** Columns beyond share the last stream. */
const numberStreams = 16;
const mostStreams = 2 + numberStreams;

/** What is stored of a tree, kind beside kind: that packs far better than row behind row. */
export interface TreeStreams<T> {
  /** Runs, and for each row which of its cells are told anew. */
  readonly shapes: T;
  /** Texts and other bytes. */
  readonly raws: T;
  readonly numbers: (column: number) => T;
}

/** Streams to write to, and all of them as bytes. */
export function streamsOut(): TreeStreams<BytesOut> & { readonly store: (into: BytesOut) => void } {
  const all = Array.from({ length: mostStreams }, () => new BytesOut());
  return {
    ...named(all),
    store: (into) => {
      for (const stream of all) into.number(stream.taken().length);
      for (const stream of all) into.bytes(stream.taken());
    },
  };
}

/** The same to read from. */
export function streamsIn(from: BytesIn): TreeStreams<BytesIn> {
  const lengths = Array.from({ length: mostStreams }, () => from.number());
  return named(lengths.map((length) => new BytesIn(from.bytes(length))));
}

function named<T>(all: readonly T[]): TreeStreams<T> {
  const at = (index: number): T => {
    const stream = all[index];
    if (stream === undefined) throw new LayoutFault("a stream is missing");
    return stream;
  };
  return { shapes: at(0), raws: at(1), numbers: (column) => at(2 + Math.min(column, numberStreams - 1)) };
}
