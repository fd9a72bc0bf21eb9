import type { Entry } from "@plimsoll/source";
import type { Cataloger, Facts } from "../cataloger.ts";

/** Whether a path an OS package owns could ever be evidence of a language package. */
export type OwnedPathFilter = (path: string) => boolean;

/** Asks the language catalogers; what none of them would look at need not be remembered as owned. */
export function ownedPathFilter(catalogers: readonly Cataloger[]): OwnedPathFilter {
  const language = catalogers.filter((cataloger) => cataloger.tags.includes("language"));
  return (path) => {
    // Lists carry no permissions. All that lies where programs lie counts as executable; elsewhere that would keep everything.
    const entry: Entry = { path, type: "file", size: 0, mode: programFolder.test(path) ? 0o755 : 0o644 };
    return language.some((cataloger) => cataloger.select(entry) !== "ignore");
  };
}

const programFolder = /(?:^|\/)(?:s?bin|libexec)\//;

/**
 * The facts as they are kept until the end of the scan: ownership of uninteresting files dropped, and no string left
 * that is a slice of the file's text (V8 keeps the whole text alive for a slice of 13 characters).
 */
export function keepFacts(facts: Facts, filter: OwnedPathFilter): Facts {
  const owns = facts.owns
    ?.map(({ owner, paths }) => ({ owner, paths: paths.filter(filter) }))
    .filter(({ paths }) => paths.length > 0);
  return JSON.parse(JSON.stringify(owns === undefined ? facts : { ...facts, owns })) as Facts;
}
