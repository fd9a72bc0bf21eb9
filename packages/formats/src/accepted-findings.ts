import type { Report } from "@plimsoll/model";

/** Ids of findings whose every violation is covered by a risk acceptance: they violate an `accepted` rule and no `failed` one. */
export function acceptedFindings({ policies }: Report): ReadonlySet<string> {
  const rules = policies.flatMap(({ bundles }) => bundles.flatMap((bundle) => bundle.rules));
  const violating = (status: "accepted" | "failed"): string[] =>
    rules
      .filter((rule) => rule.status === status)
      .flatMap(({ violations }) => violations.flatMap((one) => (one.kind === "finding" ? [one.findingId] : [])));
  return new Set(violating("accepted")).difference(new Set(violating("failed")));
}
