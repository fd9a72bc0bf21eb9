import { useMemo } from "react";
import { useView } from "../../frame/view.ts";
import type { Column } from "../../ui/data-table/column.ts";
import { DataTable } from "../../ui/data-table/data-table.tsx";
import { plain, shortened } from "../../ui/plain.ts";
import { SeverityBar } from "../../ui/severity-bar.tsx";
import { Empty } from "../../ui/states/empty.tsx";
import { Filters } from "./filters.tsx";
import { type PackageRow, packagesIn } from "./model.ts";
import type { ResultView } from "./result-view.ts";

const columns: readonly Column<PackageRow>[] = [
  {
    id: "name",
    title: "Package",
    width: "24%",
    cell: ({ name }) => <span title={plain(name)}>{shortened(name, 60)}</span>,
  },
  { id: "version", title: "Version", width: "16%", cell: ({ version }) => shortened(version, 40) },
  { id: "type", title: "Kind", width: "84px", cell: ({ ecosystem, type }) => plain(ecosystem ?? type) },
  { id: "findings", title: "Findings", width: "26%", cell: ({ counts }) => <SeverityBar counts={counts} /> },
  {
    id: "fix",
    title: "Clears all",
    width: "14%",
    cell: ({ clearsAll, suggestedFix }) => shortened(clearsAll ?? suggestedFix ?? "–", 40),
  },
  {
    id: "path",
    title: "Path",
    width: "20%",
    cell: ({ path = "" }) => <span title={plain(path)}>{shortened(path, 60)}</span>,
  },
];

/** Every package in the squashed tree, worst first; a row shows its findings. */
export function Packages({ model }: ResultView) {
  const [view, change] = useView();
  const rows = useMemo(() => packagesIn(model, view), [model, view]);
  return (
    <>
      <Filters marked={false} />
      {rows.length === 0 ? (
        <Empty title={model.packages.length === 0 ? "No package was found" : "No package is like that"} />
      ) : (
        <DataTable<PackageRow>
          label="Packages"
          columns={columns}
          rows={rows}
          keyOf={({ id }) => id}
          onOpen={({ name }) => change({ tab: "vulnerabilities", text: name })}
        />
      )}
    </>
  );
}
