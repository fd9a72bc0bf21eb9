import { useMemo } from "react";
import { useView } from "../../frame/view.ts";
import type { Column } from "../../ui/data-table/column.ts";
import { DataTable } from "../../ui/data-table/data-table.tsx";
import { Mark } from "../../ui/marks.tsx";
import { plain, shortened } from "../../ui/plain.ts";
import { SeverityWord } from "../../ui/severity-word.tsx";
import { Empty } from "../../ui/states/empty.tsx";
import { Filters } from "./filters.tsx";
import { type FindingRow, findingsIn } from "./model.ts";
import type { ResultView } from "./result-view.ts";

const columns: readonly Column<FindingRow>[] = [
  {
    id: "severity",
    title: "Severity",
    width: "76px",
    cell: (row) => <SeverityWord of={row.severity} unrated={row.unrated} />,
  },
  { id: "name", title: "Vulnerability", width: "136px", cell: ({ name }) => shortened(name, 40) },
  {
    id: "marks",
    title: "Marks",
    width: "72px",
    cell: ({ cisaKev, exploitable, fixVersion, pkg }) => (
      <>
        {cisaKev && <Mark of="kev" />}
        {exploitable && <Mark of="exploit" />}
        {fixVersion !== undefined && <Mark of="fix" />}
        {pkg.isRunning && <Mark of="running" />}
      </>
    ),
  },
  {
    id: "package",
    title: "Package",
    width: "auto",
    cell: ({ pkg }) => <span title={plain(pkg.name).slice(0, 2000)}>{shortened(pkg.name, 30)}</span>,
  },
  {
    id: "version",
    title: "Version",
    width: "82px",
    cell: ({ pkg }) => <span title={plain(pkg.version).slice(0, 400)}>{shortened(pkg.version, 24)}</span>,
  },
  {
    id: "fix",
    title: "Fixed in",
    width: "82px",
    cell: ({ fixVersion, fixState }) => shortened(fixVersion ?? fixWord(fixState), 24),
  },
  {
    id: "score",
    title: "CVSS",
    width: "52px",
    align: "right",
    cell: ({ cvssScore }) => (cvssScore.vector === "" ? "–" : cvssScore.score.toFixed(1)),
  },
  { id: "epss", title: "EPSS", width: "72px", align: "right", cell: epssOf },
];

/** Every finding, worst first; a row opens what is known of it. */
export function Vulnerabilities({ model }: ResultView) {
  const [view, change] = useView();
  const rows = useMemo(() => findingsIn(model, view), [model, view]);
  return (
    <>
      <Filters marked />
      {rows.length === 0 ? (
        <Empty title={model.findings.length === 0 ? "Nothing known is wrong here" : "No finding is like that"}>
          {model.findings.length > 0 && "Take a filter away, or choose all layers."}
        </Empty>
      ) : (
        <DataTable<FindingRow>
          label="Vulnerabilities"
          columns={columns}
          rows={rows}
          keyOf={({ id }) => id}
          openKey={view.open}
          onOpen={({ id }) => change({ open: id })}
        />
      )}
    </>
  );
}

function fixWord(state: string | undefined): string {
  return state === "wont-fix" ? "will not be fixed" : "none yet";
}

function epssOf({ providersMetadata }: FindingRow): string {
  const score = providersMetadata?.["first.org"]?.epssScore?.score;
  return score === undefined ? "–" : `${(score * 100).toFixed(1)} %`;
}
