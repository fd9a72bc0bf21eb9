import type { ResultNow } from "@plimsoll/contract";
import type { Column } from "../../ui/data-table/column.ts";
import { DataTable } from "../../ui/data-table/data-table.tsx";
import { plain, shortened } from "../../ui/plain.ts";

type MovedFix = ResultNow["fixesMoved"][number];

const columns: readonly Column<MovedFix>[] = [
  { id: "severity", title: "Severity", width: "100px", cell: ({ severity }) => severity },
  {
    id: "vulnerability",
    title: "Vulnerability",
    width: "160px",
    cell: ({ vulnerability }) => shortened(vulnerability, 40),
  },
  {
    id: "package",
    title: "Package",
    width: "auto",
    cell: ({ package: name, version }) => (
      <span title={plain(name).slice(0, 2000)}>
        {shortened(name, 60)} {shortened(version, 30)}
      </span>
    ),
  },
  { id: "before", title: "Fixed in, then", width: "140px", cell: ({ before }) => shortened(before ?? "nothing", 30) },
  { id: "after", title: "Fixed in, today", width: "140px", cell: ({ after }) => shortened(after ?? "nothing", 30) },
];

/** Findings that are rated as they were, and fixed in another version by now. */
export function MovedFixes({ now: { fixesMoved } }: { readonly now: ResultNow }) {
  if (fixesMoved.length === 0) return null;
  return (
    <>
      <h2>Fixes that moved: {fixesMoved.length}</h2>
      <DataTable<MovedFix>
        label="Fixes that moved"
        columns={columns}
        rows={fixesMoved}
        keyOf={(moved) => JSON.stringify(moved)}
      />
    </>
  );
}
