import type { ResultNow } from "@plimsoll/contract";
import type { Column } from "../../ui/data-table/column.ts";
import { DataTable } from "../../ui/data-table/data-table.tsx";
import { plain, shortened } from "../../ui/plain.ts";
import { Empty } from "../../ui/states/empty.tsx";

type Change = ResultNow["changes"]["findings"][number];

const words = { added: "new", worsened: "worse", fixed: "gone", eased: "better" } as const;

const columns: readonly Column<Change>[] = [
  { id: "state", title: "Change", width: "84px", cell: ({ state }) => <strong>{words[state]}</strong> },
  { id: "vulnerability", title: "Vulnerability", width: "160px", cell: ({ vulnerability }) => plain(vulnerability) },
  { id: "package", title: "Package", width: "auto", cell: ({ package: { name } }) => shortened(name, 60) },
  {
    id: "version",
    title: "Version",
    width: "140px",
    cell: ({ package: { after, before } }) => shortened((after ?? before)?.version ?? "unknown", 40),
  },
  { id: "then", title: "Then", width: "90px", cell: ({ before }) => before?.severity ?? "–" },
  { id: "today", title: "Today", width: "90px", cell: ({ after }) => after?.severity ?? "–" },
];

/** Findings that today's knowledge adds, takes away or rates otherwise. */
export function Changes({ now: { changes } }: { readonly now: ResultNow }) {
  if (changes.findings.length === 0) return <Empty title="Today's knowledge says the same" />;
  return (
    <>
      <h2>What differs: {changes.findings.length}</h2>
      <DataTable<Change>
        label="What differs"
        columns={columns}
        rows={changes.findings}
        keyOf={(change) => JSON.stringify([change.vulnerability, change.state, change.package])}
      />
    </>
  );
}
