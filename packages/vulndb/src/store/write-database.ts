import { DatabaseSync } from "node:sqlite";
import type { Advisory } from "@plimsoll/model";
import { type AliasEdge, aliasGroups } from "./alias-groups.ts";
import type { FeedDates } from "./feed-dates.ts";
import { mergeAdvisories } from "./merge-advisories.ts";
import { type Content, RowWriter } from "./row-writer.ts";
import { applicationId, indexSql, schemaSql, schemaVersion } from "./schema.ts";
import type { Staging } from "./staging.ts";

export interface DatabaseContent extends Content {
  readonly revision: string;
  /** RFC 3339. */
  readonly builtAt: string;
  readonly starter: boolean;
  /** EPSS and exploit counts only for flaws that an advisory, a rating or KEV speaks of. */
  readonly knownFlawsOnly: boolean;
  readonly titleOf: (feed: string) => string;
}

/** Writes all staged records to a new database file at `path`. The same records in any order of files give the same bytes. */
export function writeDatabase(
  path: string,
  staged: { staging: Staging; dates: FeedDates },
  content: DatabaseContent,
): void {
  const db = new DatabaseSync(path);
  try {
    db.exec(`PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA page_size=4096; PRAGMA cache_size=-65536;
      PRAGMA application_id=${applicationId}; PRAGMA user_version=${schemaVersion}; ${schemaSql} BEGIN`);
    writeRows(new RowWriter(db, content), staged, content);
    db.exec(`COMMIT; ${indexSql} VACUUM`);
  } finally {
    db.close();
  }
}

function writeRows(
  rows: RowWriter,
  { staging, dates }: { staging: Staging; dates: FeedDates },
  content: DatabaseContent,
) {
  const advisories = () => mergedAdvisories(staging);
  const edges = tallyRecords(staging, dates);
  for (const feed of dates.undated()) for (const [advisory] of staging.advisories(feed)) dates.learn(advisory);
  rows.meta("schema", String(schemaVersion));
  rows.meta("revision", content.revision);
  rows.meta("built_at", content.builtAt);
  rows.meta("starter", content.starter ? "1" : "0");
  rows.meta("facts_only", content.factsOnly ? "1" : "0");
  for (const [feed, age] of dates.feeds()) rows.feed(feed, { title: content.titleOf(feed), ...age });
  for (const [feed] of dates.feeds()) {
    for (const [ecosystem, age] of dates.ecosystems(feed)) rows.coverage(feed, { ecosystem, ...age });
  }
  rows.flaws([...flawNames(staging, content)].sort(), aliasGroups(edges));
  rows.packages([...staging.packages].sort());
  for (const advisory of advisories()) rows.advisory(advisory);
  writeEnrichment(rows, staging, content);
  rows.end();
}

function* mergedAdvisories(staging: Staging): Generator<Advisory> {
  for (const same of staging.advisories()) yield mergeAdvisories(same);
}

function tallyRecords(staging: Staging, dates: FeedDates): AliasEdge[] {
  const edges: AliasEdge[] = [];
  for (const advisory of mergedAdvisories(staging)) {
    dates.advisory(advisory);
    edges.push(...edgesOf(advisory));
  }
  for (const record of staging.enrichment()) dates.record(record);
  return edges;
}

function edgesOf({ id, vulnerabilities, aliases }: Advisory): AliasEdge[] {
  if (vulnerabilities.length > 1) return [];
  const flaw = vulnerabilities[0] ?? id;
  const others = aliases.filter((alias) => alias !== flaw);
  return others.map((alias) => ({ a: flaw, b: alias, own: alias === id || flaw === id }));
}

function flawNames(staging: Staging, content: DatabaseContent): Set<string> {
  const names = new Set(staging.flaws);
  if (content.knownFlawsOnly) return names;
  for (const flaw of staging.enrichedFlaws()) names.add(flaw);
  return names;
}

function writeEnrichment(rows: RowWriter, staging: Staging, { knownFlawsOnly }: DatabaseContent): void {
  const wanted = (flaw: string) => !knownFlawsOnly || staging.flaws.has(flaw);
  for (const rating of staging.ratings()) rows.rating(rating);
  for (const epss of staging.epss()) if (wanted(epss.vulnerability)) rows.epss(epss);
  for (const kev of staging.kev()) rows.kev(kev);
  for (const exploit of staging.exploits()) if (wanted(exploit.vulnerability)) rows.exploit(exploit);
}
