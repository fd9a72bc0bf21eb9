import type { Finding } from "@plimsoll/model";

/** A finding of one package on either side, or on both. */
export interface FindingPair {
  readonly before: Finding | null;
  readonly after: Finding | null;
}

/**
 * Every finding of a package before and after, in one pair each: the same name, else a shared id, as a flaw may have got
 * its CVE in between. Swapping the sides swaps the pairs and nothing else.
 */
export function pairFindings(before: readonly Finding[], after: readonly Finding[]): FindingPair[] {
  const byName = new Map(after.map((finding) => [finding.vulnerability, finding]));
  const pairs = new Map<Finding, Finding>();
  const free = new Set(after);
  const take = (finding: Finding, other: Finding | undefined): void => {
    if (other !== undefined && !pairs.has(finding) && free.delete(other)) pairs.set(finding, other);
  };
  for (const finding of before) take(finding, byName.get(finding.vulnerability));
  const left = before.filter((finding) => !pairs.has(finding));
  for (const { finding, other } of sharingIds(left, [...free])) take(finding, other);
  return [
    ...before.map((finding) => ({ before: finding, after: pairs.get(finding) ?? null })),
    ...[...free].map((finding) => ({ before: null, after: finding })),
  ];
}

interface Candidate {
  readonly finding: Finding;
  readonly other: Finding;
  readonly rank: string;
}

/** Ids looked at of one finding, and findings looked at under one id: feeds name a handful, a made-up report a million. */
const mostShared = 20;

/** Pairs with an id in common, in an order that does not depend on the side. */
function sharingIds(before: readonly Finding[], after: readonly Finding[]): Candidate[] {
  const byId = new Map<string, Finding[]>();
  for (const finding of before.length === 0 ? [] : after) {
    for (const id of idsOf(finding)) {
      const holders = byId.get(id);
      if (holders === undefined) byId.set(id, [finding]);
      else if (holders.length < mostShared) holders.push(finding);
    }
  }
  return before
    .flatMap((finding) => {
      const others = new Set(idsOf(finding).flatMap((id) => byId.get(id) ?? []));
      return [...others].map((other): Candidate => ({ finding, other, rank: rankOf(finding, other) }));
    })
    .sort((a, b) => (a.rank < b.rank ? -1 : a.rank > b.rank ? 1 : 0));
}

function rankOf({ vulnerability }: Finding, other: Finding): string {
  return JSON.stringify([vulnerability, other.vulnerability].sort());
}

function idsOf({ vulnerability, aliases }: Finding): string[] {
  return [...new Set([vulnerability, ...aliases.slice(0, mostShared)])];
}
