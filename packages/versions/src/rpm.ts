import { compareDigits } from "./deb.ts";
import { compareInTurn } from "./in-turn.ts";
import { defineScheme } from "./scheme.ts";

interface RpmKey {
  readonly epoch: string;
  readonly version: readonly string[];
  /** `null`: the text names no release. */
  readonly release: readonly string[] | null;
}

/**
 * RPM versions, `[epoch:]version[-release]`, by rpmvercmp with `~` (before) and `^` (after) of rpm 4.15.
 *
 * As a total order a missing release sorts before every release (rpm's own comparison of version objects). Against
 * the end of a range a missing release on either side compares equal on release (rpm's dependency overlap):
 * "affected up to 1.2" covers 1.2-3.el9.
 */
export const rpm = defineScheme<RpmKey>("rpm", {
  read(text) {
    const [, epoch = "0", rest = ""] = /^(?:(\d*):)?(.*)$/.exec(text) ?? [];
    const dash = rest.lastIndexOf("-");
    const version = dash < 0 ? rest : rest.slice(0, dash);
    const release = dash < 0 ? null : rest.slice(dash + 1);
    if (version === "" || release === "") return null;
    return { epoch, version: segments(version), release: release === null ? null : segments(release) };
  },
  compare(a, b) {
    const order = compareEpochVersion(a, b);
    if (order !== 0 || a.release === b.release) return order;
    if (a.release === null) return -1;
    return b.release === null ? 1 : compareInTurn(a.release, b.release, compareSegment);
  },
  compareToBound(a, b) {
    const order = compareEpochVersion(a, b);
    if (order !== 0 || a.release === null || b.release === null) return order;
    return compareInTurn(a.release, b.release, compareSegment);
  },
});

function compareEpochVersion(a: RpmKey, b: RpmKey): number {
  return compareDigits(a.epoch, b.epoch) || compareInTurn(a.version, b.version, compareSegment);
}

/** Separators only part segments; they are not compared. */
function segments(text: string): string[] {
  return text.match(/\d+|[A-Za-z]+|[~^]/g) ?? [];
}

function compareSegment(a: string | undefined, b: string | undefined): number {
  const kind = kindOf(a);
  const difference = kind - kindOf(b);
  if (difference !== 0 || a === undefined || b === undefined) return difference;
  if (kind === kinds.digits) return compareDigits(a, b);
  return a < b ? -1 : a > b ? 1 : 0;
}

/** `1~x` < `1` < `1^x` < `1a` < `1.1`. */
const kinds = { tilde: 0, end: 1, caret: 2, letters: 3, digits: 4 } as const;

function kindOf(segment: string | undefined): number {
  if (segment === undefined) return kinds.end;
  if (segment === "~") return kinds.tilde;
  if (segment === "^") return kinds.caret;
  return segment.charCodeAt(0) <= 57 ? kinds.digits : kinds.letters;
}
