import { dateOf } from "@plimsoll/kit";
import type { Advisory, FeedRecord, Rating } from "@plimsoll/model";
import type { FeedDate } from "../read-item.ts";

/** Days and record counts of one feed, as a whole or for one ecosystem. */
export interface FeedAge {
  /** YYYY-MM-DD, "" when nothing tells. */
  readonly date: string;
  readonly records: number;
}

interface Tally {
  /** What the feed's own documents say. */
  stated: string;
  records: number;
  /** Day → records whose newest date it is. */
  readonly days: Map<string, number>;
  /** Disclosure dates of the flaws it names, where its documents bear no date (Alpine secdb). */
  readonly disclosed: string[];
}

/** Collects how old each feed's data is, by its newest date up to `now` (ms). */
export class FeedDates {
  readonly #today: string;
  readonly #feeds = new Map<string, Tally>();
  readonly #ecosystems = new Map<string, Map<string, Tally>>();
  readonly #disclosed = new Map<string, string>();

  constructor(now: number) {
    this.#today = dateOf(now);
  }

  /** Notes any record but an advisory, and the disclosure date it gives its flaw. */
  record(record: Exclude<FeedRecord, Advisory>): void {
    const date = dateOfRecord(record);
    this.#count(tally(this.#feeds, record.feed), [date]);
    if (record.kind === "rating") this.#disclose(record);
  }

  advisory(advisory: Advisory): void {
    const dates = [advisory.published, advisory.modified, advisory.withdrawn];
    this.#count(tally(this.#feeds, advisory.feed), dates);
    for (const ecosystem of new Set(advisory.affected.map((row) => row.ecosystem))) {
      this.#count(this.#ecosystem(advisory.feed, ecosystem), dates);
    }
  }

  stated({ feed, date, ecosystem }: FeedDate): void {
    raise(tally(this.#feeds, feed), this.#day(date));
    if (ecosystem !== undefined) raise(this.#ecosystem(feed, ecosystem), this.#day(date));
  }

  /** Feeds whose documents and records bear no date, sorted. */
  undated(): string[] {
    return sorted(this.#feeds)
      .filter(([, own]) => own.stated === "" && own.days.size === 0)
      .map(([feed]) => feed);
  }

  /** After all records: lets an undated feed learn the disclosure dates of the flaws it names. */
  learn(advisory: Advisory | undefined): void {
    const dates = advisory?.vulnerabilities.flatMap((flaw) => this.#disclosed.get(flaw) ?? []);
    if (advisory !== undefined && dates !== undefined) tally(this.#feeds, advisory.feed).disclosed.push(...dates);
  }

  feeds(): [feed: string, age: FeedAge][] {
    return sorted(this.#feeds).map(([feed, own]) => [feed, age(own, own)]);
  }

  /** Ecosystems a feed has advisories for. */
  ecosystems(feed: string): [ecosystem: string, age: FeedAge][] {
    const whole = this.#feeds.get(feed);
    return sorted(this.#ecosystems.get(feed) ?? new Map<string, Tally>())
      .filter(([, part]) => part.records > 0)
      .map(([ecosystem, part]) => [ecosystem, age(part, whole)]);
  }

  #ecosystem(feed: string, ecosystem: string): Tally {
    const parts = this.#ecosystems.get(feed) ?? new Map<string, Tally>();
    this.#ecosystems.set(feed, parts);
    return tally(parts, ecosystem);
  }

  #count(target: Tally, dates: readonly (string | undefined)[]): void {
    target.records++;
    const newest = dates.map((date) => this.#day(date)).reduce(later, "");
    if (newest !== "") target.days.set(newest, (target.days.get(newest) ?? 0) + 1);
  }

  /** Ratings tell when the flaw was disclosed; advisories only when they were written, years later at times. */
  #disclose({ vulnerability, published }: Rating): void {
    const day = this.#day(published);
    const known = this.#disclosed.get(vulnerability);
    if (day !== "" && (known === undefined || day < known)) this.#disclosed.set(vulnerability, day);
  }

  /** The day of a date; "" when it cannot be read or lies in the future (typing errors, embargo placeholders). */
  #day(date: string | undefined): string {
    const day = date?.slice(0, 10) ?? "";
    return /^\d{4}-\d\d-\d\d$/.test(day) && day <= this.#today ? day : "";
  }
}

function dateOfRecord(record: Exclude<FeedRecord, Advisory>): string | undefined {
  if (record.kind === "epss") return record.date;
  return record.kind === "kev" ? record.added : record.published;
}

function tally(map: Map<string, Tally>, key: string): Tally {
  const own = map.get(key) ?? { stated: "", records: 0, days: new Map<string, number>(), disclosed: [] };
  map.set(key, own);
  return own;
}

function age(own: Tally, whole: Tally | undefined): FeedAge {
  const date = dateOfTally(own) || (whole === undefined ? "" : dateOfTally(whole) || disclosedBy(whole.disclosed));
  return { date, records: own.records };
}

/**
 * The newest day but for the newest half per cent of a feed's dated records: a handful of newer documents (samples, typing
 * errors) beside an old copy must not make it look fresh. A document's own word counts as it is.
 */
function dateOfTally({ stated, days }: Tally): string {
  let left = Math.floor([...days.values()].reduce((sum, count) => sum + count, 0) / 200);
  const newest = [...days]
    .sort(([a], [b]) => (a > b ? -1 : 1))
    .find(([, count]) => {
      left -= count;
      return left < 0;
    });
  return later(stated, newest?.[0] ?? "");
}

/** A feed knew its flaws when they were disclosed; the newest half per cent do not count: some are named under embargo. */
function disclosedBy(dates: readonly string[]): string {
  return dates.toSorted().at(-1 - Math.ceil(dates.length / 200)) ?? dates[0] ?? "";
}

function raise(target: Tally, day: string): void {
  target.stated = later(target.stated, day);
}

function later(a: string, b: string): string {
  return a > b ? a : b;
}

function sorted(map: ReadonlyMap<string, Tally>): [string, Tally][] {
  return [...map.entries()].sort(([a], [b]) => (a < b ? -1 : 1));
}
