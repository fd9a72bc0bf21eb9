import type { DatabaseSync, SQLInputValue, StatementSync } from "node:sqlite";
import type { Advisory, Affected, AffectedRange, Cvss, Epss, Exploit, Kev, Rating } from "@plimsoll/model";
import { numberFromDate } from "./date-number.ts";

/** What a database keeps. */
export interface Content {
  /** Ids, versions, severities, scores and dates only; no titles, no links (decision 8). */
  readonly factsOnly: boolean;
}

/** Writes rows of an open transaction, interning words and lists; ids follow the order of the calls. */
export class RowWriter {
  readonly #db: DatabaseSync;
  readonly #content: Content;
  readonly #statements = new Map<string, StatementSync>();
  readonly #words = new Map<string, number>();
  readonly #lists = new Map<string, number>();
  readonly #flaws = new Map<string, number>();
  readonly #packages = new Map<string, number>();
  readonly #feeds = new Map<string, number>();
  #advisories = 0;

  constructor(db: DatabaseSync, content: Content) {
    this.#db = db;
    this.#content = content;
  }

  meta(key: string, value: string): void {
    this.#insert("meta", [key, value]);
  }

  feed(name: string, row: { readonly title: string; readonly date: string; readonly records: number }): void {
    const id = this.#feeds.size + 1;
    this.#feeds.set(name, id);
    this.#insert("feed", [id, name, row.title, row.date, row.records]);
  }

  coverage(feed: string, row: { readonly ecosystem: string; readonly date: string; readonly records: number }): void {
    this.#insert("coverage", [this.#word(row.ecosystem), this.#feed(feed), row.date, row.records]);
  }

  /** All flaws at once, in the order of their ids; `groups` gives an id the name of its alias group. */
  flaws(names: readonly string[], groups: ReadonlyMap<string, string>): void {
    for (const name of names) this.#flaws.set(name, this.#flaws.size + 1);
    for (const [name, id] of this.#flaws) {
      const group = groups.get(name);
      this.#insert("flaw", [id, name, group === undefined ? null : this.#flaw(group)]);
    }
  }

  /** All packages at once: `ecosystem\0name`, in the order of their ids. */
  packages(keys: readonly string[]): void {
    for (const key of keys) {
      const id = this.#packages.size + 1;
      this.#packages.set(key, id);
      const [ecosystem = "", name = ""] = key.split("\0");
      this.#insert("package", [id, this.#word(ecosystem), name]);
    }
  }

  advisory(advisory: Advisory): void {
    const id = ++this.#advisories;
    this.#insert("advisory", [
      id,
      advisory.id,
      this.#feed(advisory.feed),
      this.#word(advisory.provider),
      numberFromDate(advisory.published),
      numberFromDate(advisory.modified),
      numberFromDate(advisory.fixDate),
      numberFromDate(advisory.withdrawn),
      this.#optionalWord(advisory.severity),
      this.#cvss(advisory.cvss),
      this.#prose(advisory.title),
    ]);
    const flaws = advisory.vulnerabilities.length === 0 ? [advisory.id] : new Set(advisory.vulnerabilities);
    for (const flaw of flaws) this.#insert("advisory_flaw", [id, this.#flaw(flaw)]);
    advisory.affected.forEach((affected, position) => {
      this.#affected(affected, [id, position]);
    });
  }

  rating(rating: Rating): void {
    this.#insert("rating", [
      this.#flaw(rating.vulnerability),
      this.#word(rating.provider),
      this.#feed(rating.feed),
      this.#optionalWord(rating.severity),
      this.#cvss(rating.cvss),
      numberFromDate(rating.published),
      rating.rejected === true ? 1 : 0,
      this.#prose(rating.title),
    ]);
  }

  epss({ vulnerability, feed, score, percentile, date }: Epss): void {
    const figures = [Math.round(score * 100_000), Math.round(percentile * 100_000), numberFromDate(date) ?? 0];
    this.#insert("epss", [this.#flaw(vulnerability), this.#feed(feed), ...figures]);
  }

  kev({ vulnerability, feed, added, due, ransomware }: Kev): void {
    this.#insert("kev", [this.#flaw(vulnerability), this.#feed(feed), added, due, ransomware ? 1 : 0]);
  }

  exploit({ vulnerability, feed, count, published, links }: Exploit): void {
    const kept = this.#content.factsOnly || links === undefined || links.length === 0 ? null : JSON.stringify(links);
    this.#insert("exploit", [this.#flaw(vulnerability), this.#feed(feed), count, numberFromDate(published), kept]);
  }

  /** Last: the interned words and lists themselves. */
  end(): void {
    for (const [body, id] of this.#words) this.#insert("word", [id, body]);
    for (const [body, id] of this.#lists) this.#insert("list", [id, body]);
  }

  #affected(row: Affected, [advisory, position]: readonly [advisory: number, position: number]): void {
    this.#insert("affected", [
      this.#packages.get(`${row.ecosystem}\0${row.name}`) ?? 0,
      advisory,
      position,
      this.#word(row.scheme),
      row.nameKind === "source" ? 1 : 0,
      this.#list(row.ranges.map(rangeTuple)),
      this.#list(row.versions),
      this.#word(row.fixState),
      this.#optionalWord(row.severity),
      this.#optionalWord(row.arch),
      this.#optionalWord(row.module),
    ]);
  }

  #insert(table: string, values: readonly SQLInputValue[]): void {
    let statement = this.#statements.get(table);
    if (statement === undefined) {
      statement = this.#db.prepare(`INSERT INTO ${table} VALUES(${values.map(() => "?").join(",")})`);
      this.#statements.set(table, statement);
    }
    statement.run(...values);
  }

  #word(word: string): number {
    return intern(this.#words, word);
  }

  #optionalWord(word: string | undefined): number | null {
    return word === undefined ? null : this.#word(word);
  }

  #list(items: readonly unknown[] | undefined): number | null {
    return items === undefined || items.length === 0 ? null : intern(this.#lists, JSON.stringify(items));
  }

  #cvss(ratings: readonly Cvss[] | undefined): number | null {
    return this.#list(ratings);
  }

  #prose(text: string | undefined): string | null {
    return this.#content.factsOnly ? null : (text ?? null);
  }

  #flaw(name: string): number {
    return idOf(this.#flaws, name);
  }

  #feed(name: string): number {
    return idOf(this.#feeds, name);
  }
}

/** `[introduced, fixed, lastAffected]`, nulls at the end left out. */
function rangeTuple({ introduced, fixed, lastAffected, introducedAfter }: AffectedRange): (string | null)[] {
  const tuple = [introduced ?? null, fixed ?? null, lastAffected ?? null, introducedAfter ?? null];
  while (tuple.at(-1) === null) tuple.pop();
  return tuple;
}

function intern(map: Map<string, number>, body: string): number {
  const known = map.get(body);
  if (known !== undefined) return known;
  map.set(body, map.size + 1);
  return map.size;
}

function idOf(map: ReadonlyMap<string, number>, name: string): number {
  const id = map.get(name);
  if (id === undefined) throw new TypeError(`row refers to ${name}, which was not announced`);
  return id;
}
