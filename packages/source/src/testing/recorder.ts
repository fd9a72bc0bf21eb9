import type { Problem } from "@plimsoll/model";
import type { Entry, LayerRead, LayerVisitor, Wish } from "../entry.ts";

/** A visitor that writes down everything it is told; for tests. */
export interface Recorder extends LayerVisitor {
  readonly entries: Entry[];
  readonly bodies: Map<string, Buffer>;
  readonly whiteouts: { path: string; opaque: boolean }[];
  readonly problems: Problem[];
  readonly ends: LayerRead[];
  readonly heads: Map<string, Buffer>;
}

export interface RecorderWishes {
  readonly wish?: (entry: Entry) => Wish;
  readonly claims?: (entry: Entry, head: Uint8Array) => boolean;
}

/** Wants every body unless told otherwise. */
export function recorder(wishes: RecorderWishes = {}): Recorder {
  const seen = {
    entries: [] as Entry[],
    bodies: new Map<string, Buffer>(),
    whiteouts: [] as { path: string; opaque: boolean }[],
    problems: [] as Problem[],
    ends: [] as LayerRead[],
    heads: new Map<string, Buffer>(),
  };
  return {
    ...seen,
    entry: (entry) => {
      seen.entries.push(entry);
      return wishes.wish?.(entry) ?? "body";
    },
    claims: (entry, head) => {
      seen.heads.set(entry.path, Buffer.from(head));
      return wishes.claims?.(entry, head) ?? false;
    },
    body: (entry, bytes) => void seen.bodies.set(entry.path, Buffer.from(bytes)),
    whiteout: (path, opaque) => void seen.whiteouts.push({ path, opaque }),
    problem: (problem) => void seen.problems.push(problem),
    end: (read) => void seen.ends.push(read),
  };
}
