import {
  type Affected,
  type AffectedRange,
  type Cvss,
  type Epss,
  type Exploit,
  type FixState,
  fixStates,
  type Kev,
  type Rating,
  type Severity,
  severities,
  type VersionScheme,
  versionSchemes,
} from "@plimsoll/model";
import type { AdvisoryFacts } from "../knowledge-base.ts";
import { dateFromNumber } from "./date-number.ts";

export type Row = Readonly<Record<string, unknown>>;

/** The interned words. */
export type Dictionary = ReadonlyMap<number, string>;

/** The advisory of a joined row; the flaws it speaks of stand in a column of their own, a line each. */
export function factsOfAdvisory(row: Row, words: Dictionary): AdvisoryFacts {
  return {
    id: String(row.id),
    feed: String(row.feed),
    provider: wordOf(words, row.provider) ?? "",
    vulnerabilities: typeof row.flaws === "string" ? row.flaws.split("\n") : [],
    ...dates(row),
    ...severityPart(words, row.advisory_severity),
    ...cvssPart(row.cvss),
    ...(typeof row.title === "string" ? { title: row.title } : {}),
  };
}

/** The affected package of a joined row. */
export function rowOfAffected(
  row: Row,
  { words, ecosystem, name }: { readonly words: Dictionary; readonly ecosystem: string; readonly name: string },
): Affected {
  const versions = listOf(row.versions).map(String);
  const arch = wordOf(words, row.arch);
  const module = wordOf(words, row.module);
  return {
    ecosystem,
    name,
    nameKind: row.source === 1 ? "source" : "binary",
    scheme: schemeOf(wordOf(words, row.scheme)),
    ranges: listOf(row.ranges).map(rangeOf),
    ...(versions.length === 0 ? {} : { versions }),
    fixState: fixStateOf(wordOf(words, row.fix_state)),
    ...severityPart(words, row.severity),
    ...(arch === undefined ? {} : { arch }),
    ...(module === undefined ? {} : { module }),
  };
}

export function ratingOf(row: Row, words: Dictionary): Rating {
  return {
    kind: "rating",
    feed: String(row.feed),
    provider: wordOf(words, row.provider) ?? "",
    vulnerability: String(row.vulnerability),
    ...severityPart(words, row.severity),
    ...cvssPart(row.cvss),
    ...published(row),
    ...(typeof row.title === "string" ? { title: row.title } : {}),
    ...(row.rejected === 1 ? { rejected: true } : {}),
  };
}

export function epssOf(row: Row): Epss {
  return {
    kind: "epss",
    feed: String(row.feed),
    vulnerability: String(row.vulnerability),
    score: Number(row.score) / 100_000,
    percentile: Number(row.percentile) / 100_000,
    date: dateFromNumber(Number(row.date)),
  };
}

export function kevOf(row: Row): Kev {
  return {
    kind: "kev",
    feed: String(row.feed),
    vulnerability: String(row.vulnerability),
    added: String(row.added),
    due: String(row.due),
    ransomware: row.ransomware === 1,
  };
}

export function exploitOf(row: Row): Exploit {
  const links: unknown = typeof row.links === "string" ? JSON.parse(row.links) : [];
  return {
    kind: "exploit",
    feed: String(row.feed),
    vulnerability: String(row.vulnerability),
    count: Number(row.count),
    ...published(row),
    ...(Array.isArray(links) && links.length > 0 ? { links: links.map(String) } : {}),
  };
}

function dates(row: Row): Partial<Pick<AdvisoryFacts, "published" | "modified" | "fixDate" | "withdrawn">> {
  const { published, modified, fix_date: fixDate, withdrawn } = row;
  return {
    ...(typeof published === "number" && { published: dateFromNumber(published) }),
    ...(typeof modified === "number" && { modified: dateFromNumber(modified) }),
    ...(typeof fixDate === "number" && { fixDate: dateFromNumber(fixDate) }),
    ...(typeof withdrawn === "number" && { withdrawn: dateFromNumber(withdrawn) }),
  };
}

function published(row: Row): { published?: string } {
  return typeof row.published === "number" ? { published: dateFromNumber(row.published) } : {};
}

function severityPart(words: Dictionary, id: unknown): { severity?: Severity } {
  const severity = severities.find((known) => known === wordOf(words, id));
  return severity === undefined ? {} : { severity };
}

function cvssPart(list: unknown): { cvss?: readonly Cvss[] } {
  const cvss = listOf(list) as readonly Cvss[]; // written by RowWriter from Cvss[]
  return cvss.length === 0 ? {} : { cvss };
}

function rangeOf(tuple: unknown): AffectedRange {
  const [introduced, fixed, lastAffected, introducedAfter]: readonly unknown[] = Array.isArray(tuple) ? tuple : [];
  return {
    ...(typeof introduced === "string" ? { introduced } : {}),
    ...(typeof fixed === "string" ? { fixed } : {}),
    ...(typeof lastAffected === "string" ? { lastAffected } : {}),
    ...(typeof introducedAfter === "string" ? { introducedAfter } : {}),
  };
}

function schemeOf(word: string | undefined): VersionScheme {
  return versionSchemes.find((known) => known === word) ?? "generic";
}

function fixStateOf(word: string | undefined): FixState {
  return fixStates.find((known) => known === word) ?? "unknown";
}

function wordOf(words: Dictionary, id: unknown): string | undefined {
  return typeof id === "number" ? words.get(id) : undefined;
}

function listOf(body: unknown): readonly unknown[] {
  const list: unknown = typeof body === "string" ? JSON.parse(body) : [];
  return Array.isArray(list) ? list : [];
}
