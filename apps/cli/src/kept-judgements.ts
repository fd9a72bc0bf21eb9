import type { LayerCache } from "@plimsoll/catalog";
import { type Judgements, judgesRevision, keptJudgements } from "@plimsoll/evaluate";
import { packText, unpackText } from "@plimsoll/kit";
import type { Sbom } from "@plimsoll/model";

/** What earlier scans found out about the packages of one target. */
export interface TargetJudgements {
  readonly judgements: Judgements;
  /** Keeps them for the next scan, if there is something new. */
  readonly keep: () => void;
}

export interface JudgedWith {
  /** Names the knowledge: what was judged with any other is not used. */
  readonly knowledge: string;
  /** Names the program that judges: what another one judged is not used. `source`: nobody knows, and nothing is kept. */
  readonly program?: string;
}

/** Uncompressed bytes: what {@link keptJudgements} keeps at most takes less. */
const mostBytes = 256 * 2 ** 20;

/**
 * The judgements of a target in the cache of this machine. They are asked for component by component, so that a target
 * that changed finds those that it still holds; the file holds what its last scan asked for.
 */
export function targetJudgements(
  { source, image }: Sbom,
  cache: LayerCache,
  { knowledge, program = judgesRevision }: JudgedWith,
): TargetJudgements | null {
  if (program === "source") return null;
  const target = image?.imageId ?? `${source.kind} ${source.name}`;
  const key = JSON.stringify(["judgements", program, knowledge, target]);
  const packed = cache.get(key);
  const kept = keptJudgements(packed === null ? null : (unpackText(packed, mostBytes)?.toString() ?? null));
  const keep = (): void => {
    const text = kept.toKeep();
    if (text !== null) cache.keep(new Map([[key, packText(text)]]));
  };
  return { judgements: kept, keep };
}
