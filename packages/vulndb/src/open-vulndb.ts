import type { DatabaseSync, SQLInputValue, StatementSync } from "node:sqlite";
import type { Epss, Exploit, FeedState, Kev, Rating } from "@plimsoll/model";
import type {
  AffectedRecord,
  DbStatus,
  KnowledgeBase,
  VulnerabilityFacts,
  VulnerabilityGroup,
} from "./knowledge-base.ts";
import { feedState, readStatus } from "./status.ts";
import { guarded, openDatabase } from "./store/open-database.ts";
import {
  type Dictionary,
  epssOf,
  exploitOf,
  factsOfAdvisory,
  kevOf,
  type Row,
  ratingOf,
  rowOfAffected,
} from "./store/read-rows.ts";

/** Opens a vulnerability database for reading. Throws DB_MISSING, DB_UNREADABLE, DB_CORRUPT, DB_NEWER or DB_OLDER; queries may throw DB_CORRUPT. */
export function openVulndb(path: string): KnowledgeBase {
  return new SqliteKnowledge(path);
}

const sql = {
  words: "SELECT id, body FROM word",
  coverage: `SELECT f.name, f.title, c.date, c.records FROM coverage c JOIN feed f ON f.id = c.feed
    WHERE c.ecosystem = ? ORDER BY f.name`,
  package: "SELECT id FROM package WHERE ecosystem = ? AND name = ?",
  // All of a row at once: a package of a distribution has thousands, and each further question costs more than its answer.
  affected: `SELECT a.scheme, a.source, a.fix_state, a.severity, a.arch, a.module, v.name AS id, f.name AS feed, v.provider,
    v.published, v.modified, v.fix_date, v.withdrawn, v.severity AS advisory_severity, v.title,
    (SELECT body FROM list WHERE id = a.ranges) AS ranges, (SELECT body FROM list WHERE id = a.versions) AS versions,
    (SELECT body FROM list WHERE id = v.cvss) AS cvss,
    (SELECT group_concat(name, char(10)) FROM (SELECT n.name FROM advisory_flaw m JOIN flaw n ON n.id = m.flaw
      WHERE m.advisory = a.advisory ORDER BY n.name)) AS flaws
    FROM affected a JOIN advisory v ON v.id = a.advisory
    JOIN feed f ON f.id = v.feed WHERE a.package = ? ORDER BY v.name, f.name, a.position`,
  flaw: "SELECT id, name, grp FROM flaw WHERE name = ?",
  nameOf: "SELECT name FROM flaw WHERE id = ?",
  group: "SELECT name FROM flaw WHERE grp = ? ORDER BY name",
  rating: `SELECT n.name AS vulnerability, f.name AS feed, r.provider, r.severity,
    (SELECT body FROM list WHERE id = r.cvss) AS cvss, r.published, r.rejected, r.title FROM rating r JOIN flaw n ON n.id = r.flaw
    JOIN feed f ON f.id = r.feed WHERE r.flaw = ?`,
  epss: `SELECT n.name AS vulnerability, f.name AS feed, e.score, e.percentile, e.date FROM epss e
    JOIN flaw n ON n.id = e.flaw JOIN feed f ON f.id = e.feed WHERE e.flaw = ?`,
  kev: `SELECT n.name AS vulnerability, f.name AS feed, k.added, k.due, k.ransomware FROM kev k
    JOIN flaw n ON n.id = k.flaw JOIN feed f ON f.id = k.feed WHERE k.flaw = ?`,
  exploit: `SELECT n.name AS vulnerability, f.name AS feed, x.count, x.published, x.links FROM exploit x
    JOIN flaw n ON n.id = x.flaw JOIN feed f ON f.id = x.feed WHERE x.flaw = ?`,
} as const;

/** One open file; statements are prepared when first asked. */
class SqliteKnowledge implements KnowledgeBase {
  readonly status: DbStatus;
  readonly #path: string;
  readonly #db: DatabaseSync;
  readonly #statements = new Map<keyof typeof sql, StatementSync>();
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
    return word === null ? [] : this.#all("coverage", word).map(feedState);
  }

  affected(ecosystem: string, name: string): readonly AffectedRecord[] {
    const word = this.#wordId(ecosystem);
    const found = word === null ? undefined : this.#all("package", word, name)[0];
    if (found === undefined) return [];
    const words = this.#words();
    return guarded(this.#path, () =>
      this.#all("affected", Number(found.id)).map((row) => ({
        advisory: factsOfAdvisory(row, words),
        affected: rowOfAffected(row, { words, ecosystem, name }),
      })),
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

  [Symbol.dispose](): void {
    this.#db.close();
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

function byProvider(a: Rating, b: Rating): number {
  const [left, right] = [a, b].map(({ provider, feed, vulnerability }) => `${provider} ${feed} ${vulnerability}`);
  return (left ?? "") < (right ?? "") ? -1 : 1;
}
