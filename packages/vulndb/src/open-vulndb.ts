import type { DatabaseSync, SQLInputValue, StatementSync } from "node:sqlite";
import type { Affected, Epss, Exploit, FeedState, Kev, Rating } from "@plimsoll/model";
import { vulndbError } from "./errors.ts";
import type {
  AdvisoryFacts,
  AffectedRecord,
  DbStatus,
  KnowledgeBase,
  NamePrint,
  VulnerabilityFacts,
  VulnerabilityGroup,
} from "./knowledge-base.ts";
import { contentPrints } from "./read/content-prints.ts";
import { feedState, readStatus } from "./status.ts";
import { guarded, openDatabase } from "./store/open-database.ts";
import { epssOf, exploitOf, factsOfAdvisory, kevOf, type Row, ratingOf, rowOfAffected } from "./store/read-rows.ts";
import type { Dictionary } from "./store/stored-values.ts";

/** Opens a vulnerability database for reading. Throws DB_MISSING, DB_UNREADABLE, DB_CORRUPT, DB_NEWER or DB_OLDER; queries may throw DB_CORRUPT. */
export function openVulndb(path: string): KnowledgeBase {
  return new SqliteKnowledge(path);
}

/** A list by its id; a text that is no list where the id leads nowhere. What is said of a package is never dropped for that. */
const list = (id: string): string => `iif(${id} IS NULL, NULL, ifnull((SELECT body FROM list WHERE id = ${id}), ''))`;

const sql = {
  words: "SELECT id, body FROM word",
  coverage: `SELECT f.name, f.title, c.date, c.records FROM coverage c JOIN feed f ON f.id = c.feed
    WHERE c.ecosystem = ? ORDER BY f.name`,
  package: "SELECT id FROM package WHERE ecosystem = ? AND name = ?",
  // What decides whether a version is affected: a package of a distribution has thousands of these, and few hold.
  affected: `SELECT a.advisory, a.scheme, a.source, a.fix_state, a.severity, a.arch, a.module,
    v.withdrawn IS NOT NULL AS withdrawn, ${list("a.ranges")} AS ranges, ${list("a.versions")} AS versions
    FROM affected a LEFT JOIN advisory v ON v.id = a.advisory
    LEFT JOIN feed f ON f.id = v.feed WHERE a.package = ? ORDER BY v.name, f.name, a.position`,
  advisory: `SELECT v.name AS id, f.name AS feed, v.provider, v.published, v.modified, v.fix_date, v.withdrawn,
    v.severity AS advisory_severity, v.title, ${list("v.cvss")} AS cvss,
    (SELECT iif(count(*) = count(name), group_concat(name, char(10)), NULL) FROM (SELECT n.name FROM advisory_flaw m
      LEFT JOIN flaw n ON n.id = m.flaw WHERE m.advisory = v.id ORDER BY n.name)) AS flaws
    FROM advisory v JOIN feed f ON f.id = v.feed WHERE v.id = ?`,
  flaw: "SELECT id, name, grp FROM flaw WHERE name = ?",
  nameOf: "SELECT name FROM flaw WHERE id = ?",
  group: "SELECT name FROM flaw WHERE grp = ? ORDER BY name",
  rating: `SELECT n.name AS vulnerability, f.name AS feed, r.provider, r.severity,
    ${list("r.cvss")} AS cvss, r.published, r.rejected, r.title FROM rating r JOIN flaw n ON n.id = r.flaw
    LEFT JOIN feed f ON f.id = r.feed WHERE r.flaw = ?`,
  epss: `SELECT n.name AS vulnerability, f.name AS feed, e.score, e.percentile, e.date FROM epss e
    JOIN flaw n ON n.id = e.flaw LEFT JOIN feed f ON f.id = e.feed WHERE e.flaw = ?`,
  kev: `SELECT n.name AS vulnerability, f.name AS feed, k.added, k.due, k.ransomware FROM kev k
    JOIN flaw n ON n.id = k.flaw LEFT JOIN feed f ON f.id = k.feed WHERE k.flaw = ?`,
  exploit: `SELECT n.name AS vulnerability, f.name AS feed, x.count, x.published, x.links FROM exploit x
    JOIN flaw n ON n.id = x.flaw LEFT JOIN feed f ON f.id = x.feed WHERE x.flaw = ?`,
} as const;

/** One open file; statements are prepared when first asked. */
class SqliteKnowledge implements KnowledgeBase {
  readonly status: DbStatus;
  readonly #path: string;
  readonly #db: DatabaseSync;
  readonly #statements = new Map<keyof typeof sql, StatementSync>();
  readonly #advisories = new Map<number, AdvisoryFacts>();
  #dictionary: Dictionary | null = null;
  #wordIds: ReadonlyMap<string, number> | null = null;

  constructor(path: string) {
    this.#path = path;
    this.#db = openDatabase(path);
    try {
      this.status = guarded(path, () => readStatus(this.#db, path));
    } catch (thrown) {
      this.#db.close();
      throw thrown;
    }
  }

  coverage(ecosystem: string): readonly FeedState[] {
    const word = this.#wordId(ecosystem);
    if (word === null) return [];
    return guarded(this.#path, () => this.#all("coverage", word).map(feedState));
  }

  affected(ecosystem: string, name: string): readonly AffectedRecord[] {
    const word = this.#wordId(ecosystem);
    const found = word === null ? undefined : this.#all("package", word, name)[0];
    if (found === undefined) return [];
    const context = { words: this.#words(), ecosystem, name };
    const read = (id: number): AdvisoryFacts => this.#advisory(id);
    return guarded(this.#path, () =>
      this.#all("affected", Number(found.id)).map((row) => new StoredRecord(row, rowOfAffected(row, context), read)),
    );
  }

  group(id: string): VulnerabilityGroup {
    const flaw = this.#all("flaw", id)[0];
    if (flaw === undefined || flaw.grp === null || flaw.grp === undefined) return { name: id, aliases: [] };
    const name = String(this.#all("nameOf", Number(flaw.grp))[0]?.name ?? id);
    const members = this.#all("group", Number(flaw.grp)).map((row) => String(row.name));
    return { name, aliases: members.filter((member) => member !== name) };
  }

  facts(group: VulnerabilityGroup): VulnerabilityFacts {
    return guarded(this.#path, () => this.#facts(group));
  }

  *prints(): Generator<NamePrint> {
    const prints = contentPrints(this.#db);
    for (let next = this.#next(prints); next.done !== true; next = this.#next(prints)) yield next.value;
  }

  [Symbol.dispose](): void {
    this.#db.close();
  }

  #next(prints: Iterator<NamePrint>): IteratorResult<NamePrint> {
    return guarded(this.#path, () => prints.next());
  }

  #advisory(id: number): AdvisoryFacts {
    const known = this.#advisories.get(id);
    if (known !== undefined) return known;
    const row = this.#all("advisory", id)[0];
    if (row === undefined)
      throw vulndbError("DB_CORRUPT", { fields: { path: this.#path, why: "an advisory is missing" } });
    const facts = guarded(this.#path, () => factsOfAdvisory(row, this.#words()));
    this.#advisories.set(id, facts);
    return facts;
  }

  #facts(group: VulnerabilityGroup): VulnerabilityFacts {
    const ratings: Rating[] = [];
    const epss: Epss[] = [];
    const kev: Kev[] = [];
    const exploits: Exploit[] = [];
    const words = this.#words();
    for (const id of [group.name, ...group.aliases]) {
      const flaw = this.#all("flaw", id)[0];
      if (flaw === undefined) continue;
      const key = Number(flaw.id);
      ratings.push(...this.#all("rating", key).map((row) => ratingOf(row, words)));
      epss.push(...this.#all("epss", key).map(epssOf));
      kev.push(...this.#all("kev", key).map(kevOf));
      exploits.push(...this.#all("exploit", key).map(exploitOf));
    }
    ratings.sort(byProvider);
    return { ratings, epss: epss[0] ?? null, kev: kev[0] ?? null, exploits };
  }

  #words(): Dictionary {
    this.#dictionary ??= new Map(this.#all("words").map((row) => [Number(row.id), String(row.body)]));
    return this.#dictionary;
  }

  #wordId(word: string): number | null {
    this.#wordIds ??= new Map([...this.#words()].map(([id, body]) => [body, id]));
    return this.#wordIds.get(word) ?? null;
  }

  #all(name: keyof typeof sql, ...values: readonly SQLInputValue[]): Row[] {
    return guarded(this.#path, () => {
      let statement = this.#statements.get(name);
      if (statement === undefined) {
        statement = this.#db.prepare(sql[name]);
        this.#statements.set(name, statement);
      }
      return statement.all(...values);
    });
  }
}

/** A row whose advisory is read when somebody asks. */
class StoredRecord implements AffectedRecord {
  readonly affected: Affected;
  readonly isWithdrawn: boolean;
  readonly #advisory: number;
  readonly #read: (id: number) => AdvisoryFacts;

  constructor(row: Row, affected: Affected, read: (id: number) => AdvisoryFacts) {
    this.affected = affected;
    this.isWithdrawn = row.withdrawn === 1;
    this.#advisory = Number(row.advisory);
    this.#read = read;
  }

  get advisory(): AdvisoryFacts {
    return this.#read(this.#advisory);
  }
}

function byProvider(a: Rating, b: Rating): number {
  const [left, right] = [a, b].map(({ provider, feed, vulnerability }) => `${provider} ${feed} ${vulnerability}`);
  return (left ?? "") < (right ?? "") ? -1 : 1;
}
