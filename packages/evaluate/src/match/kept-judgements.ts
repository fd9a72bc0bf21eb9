import type { Judged, Judgements } from "./judgements.ts";

/** The judgements of one target, for the next time that it is judged. Good for one knowledge base and one program. */
export interface KeptJudgements extends Judgements {
  /** What was asked for, as JSON that {@link keptJudgements} reads back; `null` when that is what was kept already, or too much. */
  toKeep(): string | null;
}

/** Flaws and components of one target; more are not kept. Ten times those of the worst image met so far. */
const mostKept = 50_000;

/** Begins with what was kept; `null`, or anything but that, is an empty beginning. */
export function keptJudgements(kept: string | null): KeptJudgements {
  const before = kept === null ? new Map<string, Judged>() : readKept(kept);
  const asked = new Map<string, Judged>();
  let isNew = false;
  return {
    get(identity) {
      const judged = asked.get(identity) ?? before.get(identity);
      if (judged !== undefined) asked.set(identity, judged);
      return judged;
    },
    set(identity, judged) {
      asked.set(identity, judged);
      isNew = true;
    },
    toKeep: () => (isNew && weightOf(asked.values()) <= mostKept ? JSON.stringify([...asked]) : null),
  };
}

function weightOf(all: Iterable<Judged>): number {
  let weight = 0;
  for (const { flaws, advisories } of all) weight += 1 + flaws.length + advisories.length;
  return weight;
}

/** Whoever keeps the text guards it against damage: here only its shape is looked at. */
function readKept(text: string): Map<string, Judged> {
  try {
    const value: unknown = JSON.parse(text);
    return new Map(Array.isArray(value) && value.every(isKept) ? value : []);
  } catch {
    return new Map();
  }
}

function isKept(value: unknown): value is [string, Judged] {
  if (!Array.isArray(value) || value.length !== 2) return false;
  const [identity, judged]: unknown[] = value;
  if (typeof identity !== "string" || typeof judged !== "object" || judged === null) return false;
  return ["flaws", "advisories", "versions"].every((name) => Array.isArray(Reflect.get(judged, name)));
}
