const endless = "WITH RECURSIVE n(id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n) SELECT id, 'x' AS body FROM n";
const evil = "\u001b[2J\u009b31m\u202e";

/** A change of a good database. */
export interface DatabaseAttack {
  readonly name: string;
  /** The error it must end in; `null` where a report may stand, which then tells all packages. */
  readonly code: string | null;
  readonly sql: string;
}

/** Files that the program takes for knowledge. */
export const databaseAttacks: readonly DatabaseAttack[] = [
  {
    name: "a query without end in place of a table",
    code: "DB_CORRUPT",
    sql: `DROP TABLE word; CREATE VIEW word AS ${endless}`,
  },
  {
    name: "a column that computes a gigabyte",
    code: "DB_CORRUPT",
    sql: "ALTER TABLE word ADD more GENERATED ALWAYS AS (zeroblob(1000000000))",
  },
  {
    name: "lists nested a million deep",
    code: "DB_CORRUPT",
    sql: "UPDATE list SET body = replace(hex(zeroblob(500000)), '0', '[')",
  },
  { name: "lists that are no lists", code: "DB_CORRUPT", sql: `UPDATE list SET body = '{"a":1}'` },
  { name: "lists of what has no text", code: "DB_CORRUPT", sql: `UPDATE list SET body = '[{"toString":1}]'` },
  { name: "titles of 20 MB", code: null, sql: "UPDATE advisory SET title = hex(zeroblob(10000000))" },
  {
    name: "names of control characters",
    code: null,
    sql: `UPDATE flaw SET name = name || '${evil}'; UPDATE advisory SET title = '${evil}'`,
  },
  { name: "words that are no words", code: null, sql: "UPDATE word SET body = body || x'00ff'" },
  {
    name: "references into nothing",
    code: "DB_CORRUPT",
    sql: "UPDATE affected SET ranges = 99999",
  },
  {
    name: "advisories taken away",
    code: "DB_CORRUPT",
    sql: "DELETE FROM advisory",
  },
  {
    name: "versions of a scheme that nobody knows",
    code: "DB_CORRUPT",
    sql: "INSERT INTO word VALUES(99999, 'constructor'); UPDATE affected SET scheme = 99999",
  },
];
