import { type Finding, severityRank } from "@plimsoll/model";
import type { Component } from "./component.ts";

/** A flaw of a component, as counters and searches see it. */
export interface ComponentMatch {
  readonly vulnerability: string;
  /** {@link severityRank}. */
  readonly severity: number;
  /** 1: a fix is known; 2: an exploit is. */
  readonly flags: number;
}

/** What is known of each component, by its key; every component has an entry. One finding speaks for all instances. */
export function matchesOf(
  components: ReadonlyMap<string, Component>,
  findings: readonly Finding[],
): Map<string, ComponentMatch[]> {
  const byKey = new Map<string, Map<string, ComponentMatch>>(
    [...components.values()].map(({ key }) => [key, new Map()]),
  );
  for (const finding of findings) {
    const matches = byKey.get(components.get(finding.packageId)?.key ?? "");
    matches?.set(finding.vulnerability, matchOf(finding));
  }
  return new Map([...byKey].map(([key, matches]) => [key, [...matches.values()]]));
}

/** A finding without its package. */
export function matchOf({ vulnerability, severity, fixVersion, fixState, exploit, kev }: Finding): ComponentMatch {
  const isFixable = fixState === "fixed" || fixVersion !== undefined;
  const flags = (isFixable ? 1 : 0) | (exploit !== null || kev !== null ? 2 : 0);
  return { vulnerability, severity: severityRank(severity), flags };
}
