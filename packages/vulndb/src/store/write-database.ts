import { DatabaseSync } from "node:sqlite";
import { setImmediate } from "node:timers/promises";
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
  readonly signal?: AbortSignal | undefined;
}

type Staged = { readonly staging: Staging; readonly dates: FeedDates };

/** Records written before other work (signals, progress) gets its turn. */
const stride = 2000;

/**
 * Writes all staged records to a new database file at `path`. The same records in any order of files give the same bytes.
 * Rejects with the signal's reason when aborted; the file is the caller's to remove then.
 */
export async function writeDatabase(path: string, staged: Staged, content: DatabaseContent): Promise<void> {
  const db = new DatabaseSync(path);
  try {
    db.exec(`PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA page_size=4096; PRAGMA cache_size=-65536;
      PRAGMA application_id=${applicationId}; PRAGMA user_version=${schemaVersion}; ${schemaSql} BEGIN`);
    let written = 0;
    for (const _ of writeRows(new RowWriter(db, content), staged, content)) {
      if (++written % stride !== 0) continue;
      await setImmediate();
      content.signal?.throwIfAborted();
    }
    db.exec(`COMMIT; ${indexSql} VACUUM`);
  } finally {
    db.close();
  }
}

/** Yields after each record, so that the caller may give way. */
function* writeRows(rows: RowWriter, { staging, dates }: Staged, content: DatabaseContent): Generator<void> {
  const edges = yield* tallyRecords(staging, dates);
  for (const feed of dates.undated()) for (const [advisory] of staging.advisories(feed)) yield dates.learn(advisory);
  writeMeta(rows, content);
  for (const [feed, age] of dates.feeds()) rows.feed(feed, { title: content.titleOf(feed), ...age });
  for (const [feed] of dates.feeds()) {
    for (const [ecosystem, age] of dates.ecosystems(feed)) rows.coverage(feed, { ecosystem, ...age });
  }
  rows.flaws([...flawNames(staging, content)].sort(), aliasGroups(edges));
  yield;
  rows.packages([...staging.packages].sort());
  for (const advisory of mergedAdvisories(staging)) yield rows.advisory(advisory);
  yield* writeEnrichment(rows, staging, content);
  rows.end();
}

function writeMeta(rows: RowWriter, content: DatabaseContent): void {
  rows.meta("schema", String(schemaVersion));
  rows.meta("revision", content.revision);
  rows.meta("built_at", content.builtAt);
  rows.meta("starter", content.starter ? "1" : "0");
  rows.meta("facts_only", content.factsOnly ? "1" : "0");
}

function* mergedAdvisories(staging: Staging): Generator<Advisory> {
  for (const same of staging.advisories()) yield mergeAdvisories(same);
}

function* tallyRecords(staging: Staging, dates: FeedDates): Generator<void, AliasEdge[]> {
  const edges: AliasEdge[] = [];
  for (const advisory of mergedAdvisories(staging)) {
    dates.advisory(advisory);
    edges.push(...edgesOf(advisory));
    yield;
  }
  for (const record of staging.enrichment()) yield dates.record(record);
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

function* writeEnrichment(rows: RowWriter, staging: Staging, { knownFlawsOnly }: DatabaseContent): Generator<void> {
  const wanted = (flaw: string) => !knownFlawsOnly || staging.flaws.has(flaw);
  for (const rating of staging.ratings()) yield rows.rating(rating);
  for (const epss of staging.epss()) if (wanted(epss.vulnerability)) yield rows.epss(epss);
  for (const kev of staging.kev()) yield rows.kev(kev);
  for (const exploit of staging.exploits()) if (wanted(exploit.vulnerability)) yield rows.exploit(exploit);
}
