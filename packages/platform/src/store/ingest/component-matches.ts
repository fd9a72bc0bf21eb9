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
export function matchOf(finding: Finding): ComponentMatch {
  const flags = (isFixable(finding) ? 1 : 0) | (isExploitable(finding) ? 2 : 0);
  return { vulnerability: finding.vulnerability, severity: severityRank(finding.severity), flags };
}

export function isFixable({ fixState, fixVersion }: Finding): boolean {
  return fixState === "fixed" || fixVersion !== undefined;
}

/** Somebody knows how, or saw it done. */
export function isExploitable({ exploit, kev }: Finding): boolean {
  return exploit !== null || kev !== null;
}
