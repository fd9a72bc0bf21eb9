import type { AffectedRange } from "@plimsoll/model";

/** A range for people: `>= 1.2, < 1.5`, `<= 2.0`, `= 1.3`; `all versions` when it has no end on either side. */
export function formatRange({ introduced, introducedAfter, fixed, lastAffected }: AffectedRange): string {
  if (introduced !== undefined && introduced === lastAffected && fixed === undefined) return `= ${introduced}`;
  const parts = [
    introduced === undefined || introduced === "0" ? null : `>= ${introduced}`,
    introducedAfter === undefined ? null : `> ${introducedAfter}`,
    fixed === undefined ? null : `< ${fixed}`,
    lastAffected === undefined ? null : `<= ${lastAffected}`,
  ].filter((part) => part !== null);
  return parts.length === 0 ? "all versions" : parts.join(", ");
}
