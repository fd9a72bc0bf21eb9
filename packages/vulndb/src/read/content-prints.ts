import { hash } from "node:crypto";
import type { DatabaseSync } from "node:sqlite";
import type { NamePrint } from "../knowledge-base.ts";

/**
 * One print for each package name: of its records, their advisories, and what is said of their flaws. It depends on what
 * is said alone, not on row numbers or order, so that equal prints in two databases mean equal matches. Left out is what
 * decides about no match: titles, links, EPSS, counts and dates of exploits.
 */
export function* contentPrints(db: DatabaseSync): Generator<NamePrint> {
  for (const { body } of iterate(
    db,
    "SELECT w.body FROM coverage c JOIN word w ON w.id = c.ecosystem GROUP BY w.body",
  )) {
    yield { ecosystem: String(body), name: "", print: printOf("covered") };
  }
  const lists = new Map(iterate(db, "SELECT id, body FROM list").map(({ id, body }) => [id, printText(String(body))]));
  const words = new Map(iterate(db, "SELECT id, body FROM word").map(({ id, body }) => [id, String(body)]));
  const listOf = (id: unknown): string => lists.get(id) ?? "";
  const advisories = advisoryPrints(db, { listOf, flaws: flawTexts(db, listOf) });
  const names = db.prepare("SELECT id, ecosystem, name FROM package ORDER BY id").iterate();
  let rows: string[] = [];
  let at = names.next();
  const print = (): NamePrint => ({
    ecosystem: words.get(at.value?.ecosystem) ?? "",
    name: String(at.value?.name),
    print: printOf(rows.sort().join("\n")),
  });
  for (const row of db.prepare("SELECT * FROM affected ORDER BY package").iterate()) {
    while (at.done !== true && at.value.id !== row.package) {
      yield print();
      rows = [];
      at = names.next();
    }
    const said = [row.scheme, row.fix_state, row.severity, row.arch, row.module].map((word) => words.get(word) ?? "");
    const facts = [advisories.get(row.advisory), row.position, row.source, listOf(row.ranges), listOf(row.versions)];
    rows.push([...facts, ...said].join("|"));
  }
  for (; at.done !== true; at = names.next()) {
    yield print();
    rows = [];
  }
}

type Row = Readonly<Record<string, unknown>>;

function iterate(db: DatabaseSync, sql: string) {
  return db.prepare(sql).iterate() as IteratorObject<Row>;
}

/** What is said of a flaw under any of its names, by the row that names its group. */
function flawTexts(db: DatabaseSync, listOf: (id: unknown) => string): Map<unknown, string[]> {
  const texts = new Map<unknown, string[]>();
  const add = (group: unknown, text: string): void => {
    const known = texts.get(group);
    if (known === undefined) texts.set(group, [text]);
    else known.push(text);
  };
  const ratings = `SELECT coalesce(n.grp, n.id) AS flaw, n.name, p.body AS provider, s.body AS severity, r.cvss, r.published,
    r.rejected, f.name AS feed FROM rating r JOIN flaw n ON n.id = r.flaw JOIN feed f ON f.id = r.feed
    LEFT JOIN word p ON p.id = r.provider LEFT JOIN word s ON s.id = r.severity`;
  for (const { flaw, cvss, ...said } of iterate(db, ratings)) {
    add(flaw, [...Object.values(said), listOf(cvss)].join("|"));
  }
  const used = `SELECT coalesce(n.grp, n.id) AS flaw FROM flaw n WHERE n.id IN (SELECT flaw FROM kev UNION SELECT flaw FROM exploit)`;
  for (const { flaw } of iterate(db, used)) if (texts.get(flaw)?.at(-1) !== "used") add(flaw, "used");
  return texts;
}

interface Said {
  readonly listOf: (id: unknown) => string;
  readonly flaws: ReadonlyMap<unknown, readonly string[]>;
}

/** What each advisory says, packages apart, with what is said of its flaws. */
function advisoryPrints(db: DatabaseSync, { listOf, flaws }: Said): Map<unknown, string> {
  const spoken = new Map<unknown, string[]>();
  const flawRows = `SELECT m.advisory, n.name, coalesce(n.grp, n.id) AS flaw,
    (SELECT g.name FROM flaw g WHERE g.id = coalesce(n.grp, n.id)) AS named FROM advisory_flaw m JOIN flaw n ON n.id = m.flaw`;
  for (const { advisory, name, flaw, named } of iterate(db, flawRows)) {
    const text = [name, named, ...(flaws.get(flaw) ?? []).toSorted()].join("|");
    spoken.set(advisory, [...(spoken.get(advisory) ?? []), text]);
  }
  const rows = `SELECT v.id, v.name, f.name AS feed, p.body AS provider, s.body AS severity, v.cvss, v.published, v.modified,
    v.fix_date, v.withdrawn FROM advisory v JOIN feed f ON f.id = v.feed
    LEFT JOIN word p ON p.id = v.provider LEFT JOIN word s ON s.id = v.severity`;
  const prints = iterate(db, rows).map(({ id, cvss, ...said }): [unknown, string] => {
    const text = [...Object.values(said), listOf(cvss), ...(spoken.get(id) ?? []).sort()].join("\n");
    return [id, printText(text)];
  });
  return new Map(prints);
}

/** 16 bytes; MD5 names content here and protects nothing. */
function printOf(text: string): Uint8Array {
  return hash("md5", text, "buffer");
}

function printText(text: string): string {
  return hash("md5", text, "base64");
}
