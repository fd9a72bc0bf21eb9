/** Worst first; the order everywhere. */
export const severities = ["critical", "high", "medium", "low", "negligible"] as const;
export type Severity = (typeof severities)[number];

export type Counts = Readonly<Record<Severity, number>>;

/** The letter that stands for a severity wherever there is no room for the word: colour alone says nothing. */
export const letterOf: Readonly<Record<Severity, string>> = {
  critical: "C",
  high: "H",
  medium: "M",
  low: "L",
  negligible: "N",
};

/** Custom property with the colour of a severity. */
export function colourOf(severity: Severity): string {
  return `var(--sev-${severity})`;
}

/** "2 critical, 14 high", for who cannot see the bar; "none" for an empty one. */
export function countsInWords(counts: Counts): string {
  const told = severities
    .filter((severity) => counts[severity] > 0)
    .map((severity) => `${counts[severity]} ${severity}`);
  return told.length === 0 ? "none" : told.join(", ");
}
