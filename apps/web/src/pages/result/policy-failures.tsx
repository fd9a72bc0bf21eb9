import { useView } from "../../frame/view.ts";
import type { Column } from "../../ui/data-table/column.ts";
import { DataTable } from "../../ui/data-table/data-table.tsx";
import { plain, shortened } from "../../ui/plain.ts";
import { SeverityWord } from "../../ui/severity-word.tsx";
import type { FindingRow } from "./model.ts";
import styles from "./result.module.css";

export interface Failure {
  readonly key: string;
  readonly words: string;
  /** The finding that it hangs on; absent for what is wrong with the image's configuration. */
  readonly finding?: FindingRow | undefined;
}

const columns: readonly Column<Failure>[] = [
  {
    id: "severity",
    title: "Severity",
    width: "84px",
    cell: ({ finding }) => (finding ? <SeverityWord of={finding.severity} unrated={finding.unrated} /> : "–"),
  },
  { id: "name", title: "Vulnerability", width: "140px", cell: ({ finding }) => plain(finding?.name ?? "–") },
  {
    id: "what",
    title: "In",
    width: "auto",
    cell: ({ words }) => <span title={plain(words).slice(0, 2000)}>{shortened(words, 80)}</span>,
  },
  {
    id: "fix",
    title: "Fixed in",
    width: "110px",
    cell: ({ finding }) => shortened(finding?.fixVersion ?? "–", 30),
  },
];

/** What fails a rule; a row opens what is known of the finding. */
export function FailureTable({ failures, label }: { readonly failures: readonly Failure[]; readonly label: string }) {
  const [view, change] = useView();
  return (
    <div className={styles.failures}>
      <DataTable<Failure>
        label={label}
        columns={columns}
        rows={failures}
        keyOf={({ key, finding }) => finding?.id ?? key}
        openKey={view.open}
        onOpen={({ finding }) => finding && change({ open: finding.id })}
      />
    </div>
  );
}
