import type { DiffId } from "@plimsoll/model";
import type { KnownLayer, LayerVisitor, OpenedImage } from "@plimsoll/source";

export type LayerState = "waiting" | "running" | "done";

/** The same image; `tell` hears how each of its layers stands, lowest first, whenever one begins or ends. */
export function watchedLayers(image: OpenedImage, tell: (states: readonly LayerState[]) => void): OpenedImage {
  const { diffIds } = image;
  if (diffIds === null) return image;
  const states = new Map<DiffId, LayerState>(diffIds.map((diffId) => [diffId, "waiting"]));
  const note = (diffId: DiffId | null, state: LayerState): void => {
    if (diffId === null || !states.has(diffId) || states.get(diffId) === state) return;
    states.set(diffId, state);
    tell(diffIds.map((each) => states.get(each) ?? "waiting"));
  };
  return {
    kind: image.kind,
    source: image.source,
    diffIds,
    isUnchanged: () => image.isUnchanged(),
    [Symbol.asyncDispose]: () => image[Symbol.asyncDispose](),
    readLayers: (start, options) =>
      image.readLayers((hint) => {
        const wanted = start(hint);
        if (!isVisitor(wanted)) note(hint, "done");
        else note(hint, "running");
        return isVisitor(wanted) ? watched(wanted, () => note(hint, "done")) : wanted;
      }, options),
  };
}

function isVisitor(wanted: LayerVisitor | KnownLayer | null): wanted is LayerVisitor {
  return wanted !== null && "entry" in wanted;
}

function watched(visitor: LayerVisitor, ended: () => void): LayerVisitor {
  return {
    entry: (entry) => visitor.entry(entry),
    claims: (entry, head) => visitor.claims(entry, head),
    body: (entry, bytes) => visitor.body(entry, bytes),
    whiteout: (path, opaque) => visitor.whiteout(path, opaque),
    problem: (problem) => visitor.problem(problem),
    end: (read) => {
      visitor.end(read);
      ended();
    },
  };
}
