import type { LayerVisitor } from "@plimsoll/source";

/** Reads a layer for its digests alone. */
export const unheard: LayerVisitor = {
  entry: () => "ignore",
  claims: () => false,
  body: () => undefined,
  whiteout: () => undefined,
  problem: () => undefined,
  end: () => undefined,
};
