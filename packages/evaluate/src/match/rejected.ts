import type { Rating } from "@plimsoll/model";

/** The provider that rejects the flaw (NVD "Rejected", CVE record state REJECTED) in its latest word; `null` when none does. */
export function rejectedBy(ratings: readonly Rating[]): string | null {
  const latest = new Map<string, Rating>();
  for (const rating of ratings) {
    const known = latest.get(rating.provider);
    if (known === undefined || (rating.modified ?? "") >= (known.modified ?? "")) latest.set(rating.provider, rating);
  }
  const rejecting = [...latest.values()].filter(({ rejected }) => rejected === true).map(({ provider }) => provider);
  return rejecting.sort()[0] ?? null;
}
