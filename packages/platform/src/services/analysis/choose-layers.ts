import type { DiffId, Problem } from "@plimsoll/model";
import type { KeptLayer } from "../../store/layers/layer-analyses.ts";

/** One analysis of each layer, and the layers of which there are different ones. */
export interface Choice {
  /** By layer; one that nobody told of is missing. */
  readonly chosen: ReadonlyMap<DiffId, KeptLayer>;
  /** Nobody has settled these yet. */
  readonly disputed: readonly DiffId[];
  readonly problems: readonly Problem[];
}

/**
 * What the server read itself stands. Else what the scanner sends now, for its own answer; else what is trusted; else the
 * team's newest. Where two of them differ, the answer says so. `seen`: everybody's first, newest first.
 */
export function chooseLayers(
  diffIds: readonly DiffId[],
  sent: ReadonlyMap<DiffId, KeptLayer>,
  seen: readonly KeptLayer[],
): Choice {
  const byLayer = Map.groupBy(seen, ({ diffId }) => diffId);
  const chosen = new Map<DiffId, KeptLayer>();
  const disputed: DiffId[] = [];
  const problems: Problem[] = [];
  for (const diffId of new Set(diffIds)) {
    const told = toldOf(byLayer.get(diffId) ?? [], sent.get(diffId));
    if (told.best !== undefined) chosen.set(diffId, told.best);
    if (told.isDisputed) disputed.push(diffId);
    if (told.isDisputed) problems.push(differ(diffId));
    else if (told.isOverruled) problems.push(overruled(diffId));
  }
  return { chosen, disputed, problems };
}

function toldOf(kept: readonly KeptLayer[], own: KeptLayer | undefined) {
  const settled = kept.find(({ isServer }) => isServer);
  const all = own === undefined ? kept : [own, ...kept];
  const best = settled ?? all[0];
  const differs = new Set(all.map(({ sha256 }) => sha256)).size > 1;
  return {
    best,
    isDisputed: settled === undefined && differs,
    isOverruled: own !== undefined && own.sha256 !== best?.sha256,
  };
}

function differ(layer: DiffId): Problem {
  return {
    level: "incomplete",
    code: "layer-analyses-differ",
    message: "scanners told different things of this layer",
    next: "have the platform scan the image itself: what it reads settles this",
    layer,
  };
}

function overruled(layer: DiffId): Problem {
  return {
    level: "note",
    code: "layer-analysis-overruled",
    message: "the platform read this layer itself and found something else than the scanner",
    next: "look at this scanner: it is damaged, or somebody changed what it sends",
    layer,
  };
}
