import type { Listed, Totals } from "@plimsoll/platform";

const verdicts = ["passed", "failed", "accepted", "noPolicy", "notApplicable"] as const;

/** The contract's word for a kept verdict. */
export function policyWord(kept: string): (typeof verdicts)[number] {
  return verdicts.find((word) => word === kept) ?? "noPolicy";
}

/** The five severities that clients know (decision 6). */
export function fiveSeverities({ unknown, medium, ...rest }: Totals) {
  return { ...rest, medium: medium + unknown };
}

export function pageOf({ next, total, hasMore }: Omit<Listed<unknown>, "rows">) {
  return { total, ...(hasMore && { totalIsAtLeast: true as const }), ...(next !== null && { next }) };
}

/** `""`: it is not known which image it is. */
export function imageIdText(hex: string): string {
  return hex === "" ? "" : `sha256:${hex}`;
}
