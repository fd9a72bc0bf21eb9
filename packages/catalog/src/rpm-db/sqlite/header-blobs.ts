import type { Damage } from "../damage.ts";
import { sqlitePages } from "./pages.ts";
import { readColumns } from "./record.ts";
import { type TableScan, tableRows } from "./table-rows.ts";

/** Package headers of an `rpmdb.sqlite`: column `blob` of table `Packages(hnum, blob)` (rpm, lib/backend/sqlite). */
export function* sqliteHeaderBlobs(bytes: Uint8Array, damage: Damage): Generator<Uint8Array> {
  const pages = sqlitePages(bytes);
  if (pages === null) return damage.add("no valid SQLite header");
  const scan: TableScan = { pages, damage, used: new Set() };
  const root = rootOf("Packages", scan);
  if (root === null) return damage.add("no table Packages");
  for (const row of tableRows(root, scan)) {
    const blob = readColumns(row, { count: 2, encoding: pages.encoding })?.[1];
    if (blob instanceof Uint8Array) yield blob;
    else damage.add("a row without package header");
  }
}

/** rpm makes 1 table of packages and some 20 of indexes. */
const mostSchemaRows = 1000;

/** First page of a table, from the schema table on page 1 (type, name, tbl_name, rootpage, sql). */
function rootOf(name: string, scan: TableScan): number | null {
  const { encoding } = scan.pages;
  let rows = 0;
  for (const row of tableRows(1, scan)) {
    const [type, table, , page] = readColumns(row, { count: 4, encoding }) ?? [];
    if (type === "table" && table === name && typeof page === "number") return page;
    if (++rows > mostSchemaRows) return null;
  }
  return null;
}
