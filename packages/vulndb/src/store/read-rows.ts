import {
  type Affected,
  type Cvss,
  type Epss,
  type Exploit,
  fixStates,
  type Kev,
  type Rating,
  type Severity,
  severities,
  versionSchemes,
} from "@plimsoll/model";
import type { AdvisoryFacts } from "../knowledge-base.ts";
import { dateFromNumber } from "./date-number.ts";
import {
  cvssListOf,
  type Dictionary,
  knownWord,
  numberOf,
  rangesOf,
  textOf,
  textsOf,
  wordOf,
} from "./stored-values.ts";

export type Row = Readonly<Record<string, unknown>>;

/** The advisory of a joined row; the flaws it speaks of stand in a column of their own, a line each. */
export function factsOfAdvisory(row: Row, words: Dictionary): AdvisoryFacts {
  return {
    id: textOf(row.id),
    feed: textOf(row.feed),
    provider: wordOf(words, row.provider) ?? "",
    vulnerabilities: textOf(row.flaws).split("\n"),
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
  const versions = textsOf(row.versions);
  const arch = wordOf(words, row.arch);
  const module = wordOf(words, row.module);
  return {
    ecosystem,
    name,
    nameKind: row.source === 1 ? "source" : "binary",
    scheme: knownWord(versionSchemes, words, row.scheme) ?? "generic",
    ranges: rangesOf(row.ranges),
    ...(versions.length === 0 ? {} : { versions }),
    fixState: knownWord(fixStates, words, row.fix_state) ?? "unknown",
    ...severityPart(words, row.severity),
    ...(arch === undefined ? {} : { arch }),
    ...(module === undefined ? {} : { module }),
  };
}

export function ratingOf(row: Row, words: Dictionary): Rating {
  return {
    kind: "rating",
    feed: textOf(row.feed),
    provider: wordOf(words, row.provider) ?? "",
    vulnerability: textOf(row.vulnerability),
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
    feed: textOf(row.feed),
    vulnerability: textOf(row.vulnerability),
    score: numberOf(row.score) / 100_000,
    percentile: numberOf(row.percentile) / 100_000,
    date: dateFromNumber(numberOf(row.date)),
  };
}

export function kevOf(row: Row): Kev {
  return {
    kind: "kev",
    feed: textOf(row.feed),
    vulnerability: textOf(row.vulnerability),
    added: textOf(row.added),
    due: textOf(row.due),
    ransomware: row.ransomware === 1,
  };
}

export function exploitOf(row: Row): Exploit {
  const links = textsOf(row.links);
  return {
    kind: "exploit",
    feed: textOf(row.feed),
    vulnerability: textOf(row.vulnerability),
    count: numberOf(row.count),
    ...published(row),
    ...(links.length > 0 ? { links } : {}),
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
  const severity = knownWord(severities, words, id);
  return severity === undefined ? {} : { severity };
}

function cvssPart(list: unknown): { cvss?: readonly Cvss[] } {
  const cvss = cvssListOf(list);
  return cvss.length === 0 ? {} : { cvss };
}
