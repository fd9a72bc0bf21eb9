import type { FindingChange, ImageInfo, Layer, LayerChange } from "@plimsoll/model";

/** Layers with files of both images: shared from the bottom up, then moved, added and removed, with the findings they brought or had brought. */
export function compareLayers(
  before: ImageInfo | null,
  after: ImageInfo | null,
  findings: readonly FindingChange[],
): LayerChange[] {
  const [earlier, later] = [filled(before), filled(after)];
  const shared = earlier.findIndex(({ diffId }, place) => diffId !== later[place]?.diffId);
  const common = shared < 0 ? earlier.length : shared;
  const elsewhere = Map.groupBy(earlier.slice(common), ({ diffId }) => diffId);
  const count = counterOf(findings);
  const ofLater = later.map((layer, place): LayerChange => {
    const twin = place < common ? earlier[place] : elsewhere.get(layer.diffId)?.shift();
    const state = place < common ? "shared" : twin === undefined ? "added" : "moved";
    return { state, before: twin ?? null, after: layer, added: count.added(layer), fixed: count.fixed(twin) };
  });
  const paired = new Set(ofLater.map((change) => change.before));
  const gone = earlier.filter((layer) => !paired.has(layer));
  return [
    ...ofLater,
    ...gone.map((layer): LayerChange => {
      return { state: "removed", before: layer, after: null, added: 0, fixed: count.fixed(layer) };
    }),
  ];
}

function filled(image: ImageInfo | null): Layer[] {
  return (image?.layers ?? []).filter(({ diffId }) => diffId !== null);
}

function counterOf(findings: readonly FindingChange[]) {
  const added = new Map<Layer | null, number>();
  const fixed = new Map<Layer | null, number>();
  for (const { state, package: change } of findings) {
    const [counts, layer] =
      state === "fixed"
        ? [fixed, change.beforeLayer]
        : state === "added" || state === "worsened"
          ? [added, change.afterLayer]
          : [null, null];
    counts?.set(layer, (counts.get(layer) ?? 0) + 1);
  }
  return {
    added: (layer: Layer): number => added.get(layer) ?? 0,
    fixed: (layer: Layer | undefined): number => (layer === undefined ? 0 : (fixed.get(layer) ?? 0)),
  };
}
