import { DatabaseSync, type StatementSync } from "node:sqlite";
import type { Advisory, Epss, Exploit, FeedRecord, Kev, Rating } from "@plimsoll/model";

type Kind = FeedRecord["kind"];
type RecordOf<K extends Kind> = Extract<FeedRecord, { kind: K }>;

/**
 * Records on their way into a database, in a private temporary SQLite file that vanishes with the process, so that
 * memory stays bounded whatever the feeds hold. Reads come back sorted by key, then in the order they were added.
 */
export class Staging implements Disposable {
  /** Ids of flaws that an advisory, a rating or a KEV entry speaks of. */
  readonly flaws = new Set<string>();
  /** `ecosystem\0name` of every affected package. */
  readonly packages = new Set<string>();
  readonly #db = new DatabaseSync("");
  readonly #insert: StatementSync;

  constructor() {
    this.#db.exec("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-16384;");
    this.#db.exec("CREATE TABLE record(kind TEXT, key TEXT, json TEXT); BEGIN");
    this.#insert = this.#db.prepare("INSERT INTO record VALUES(?, ?, ?)");
  }

  add(record: FeedRecord): void {
    this.#insert.run(record.kind, keyOf(record), JSON.stringify(record));
    for (const flaw of flawsOf(record)) this.flaws.add(flaw);
    if (record.kind !== "advisory") return;
    for (const { ecosystem, name } of record.affected) this.packages.add(`${ecosystem}\0${name}`);
  }

  /** Every advisory of one (feed, id) together, oldest addition first; of one feed only, if named. */
  *advisories(feed?: string): Generator<readonly Advisory[]> {
    yield* this.#grouped("advisory", feed === undefined ? undefined : `${feed}\u0001`);
  }

  /** Ids of flaws that an EPSS or exploit record speaks of. */
  *enrichedFlaws(): Generator<string> {
    const sql = "SELECT DISTINCT key FROM record WHERE kind IN ('epss', 'exploit')";
    for (const { key } of this.#db.prepare(sql).iterate()) yield String(key).split("\u0001", 1)[0] ?? "";
  }

  /** The last added rating of each (flaw, provider, feed). */
  *ratings(): Generator<Rating> {
    yield* this.#last("rating");
  }

  *epss(): Generator<Epss> {
    yield* this.#last("epss");
  }

  *kev(): Generator<Kev> {
    yield* this.#last("kev");
  }

  *exploits(): Generator<Exploit> {
    yield* this.#last("exploit");
  }

  /** Everything but advisories. */
  *enrichment(): Generator<Exclude<FeedRecord, Advisory>> {
    yield* this.ratings();
    yield* this.epss();
    yield* this.kev();
    yield* this.exploits();
  }

  [Symbol.dispose](): void {
    this.#db.close();
  }

  *#last<K extends Kind>(kind: K): Generator<RecordOf<K>> {
    for (const group of this.#grouped(kind)) {
      const last = group.at(-1);
      if (last !== undefined) yield last;
    }
  }

  *#grouped<K extends Kind>(kind: K, prefix = ""): Generator<readonly RecordOf<K>[]> {
    const sql = "SELECT key, json FROM record WHERE kind = ? AND substr(key, 1, ?) = ? ORDER BY key, rowid";
    const rows = this.#db.prepare(sql).iterate(kind, prefix.length, prefix);
    let key = "";
    let group: RecordOf<K>[] = [];
    for (const row of rows) {
      const next = String(row.key);
      if (next !== key && group.length > 0) yield group;
      if (next !== key) group = [];
      key = next;
      group.push(JSON.parse(String(row.json)) as RecordOf<K>); // written by add() above
    }
    if (group.length > 0) yield group;
  }
}

function keyOf(record: FeedRecord): string {
  switch (record.kind) {
    case "advisory":
      return `${record.feed}\u0001${record.id}`;
    case "rating":
      return `${record.vulnerability}\u0001${record.provider}\u0001${record.feed}`;
    case "exploit":
      return `${record.vulnerability}\u0001${record.feed}`;
    default:
      return record.vulnerability;
  }
}

/** EPSS and proof-of-concept lists name hundreds of thousands of flaws nobody else speaks of. */
function flawsOf(record: FeedRecord): readonly string[] {
  if (record.kind === "advisory") return [record.id, ...record.vulnerabilities, ...record.aliases];
  return record.kind === "rating" || record.kind === "kev" ? [record.vulnerability] : [];
}
