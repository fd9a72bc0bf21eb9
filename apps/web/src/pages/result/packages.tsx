import { useMemo } from "react";
import { useView } from "../../frame/view.ts";
import type { Column } from "../../ui/data-table/column.ts";
import { DataTable } from "../../ui/data-table/data-table.tsx";
import { plain, shortened } from "../../ui/plain.ts";
import { SeverityBar } from "../../ui/severity-bar.tsx";
import { Empty } from "../../ui/states/empty.tsx";
import { Filters } from "./filters.tsx";
import { type PackageRow, packagesIn } from "./model.ts";
import type { Problem } from "./problem-list.tsx";
import { ProblemMark } from "./problem-mark.tsx";
import type { ResultView } from "./result-view.ts";

function columnsOf(problems: readonly Problem[]): readonly Column<PackageRow>[] {
  return [
    {
      id: "name",
      title: "Package",
      width: "auto",
      cell: ({ name, purl }) => (
        <>
          <span title={plain(name).slice(0, 2000)}>{shortened(name, 26)}</span>{" "}
          <ProblemMark problems={problems.filter((one) => one.package === purl || one.package === name)} />
        </>
      ),
    },
    { id: "version", title: "Version", width: "80px", cell: ({ version }) => shortened(version, 24) },
    { id: "type", title: "Kind", width: "68px", cell: ({ ecosystem, type }) => shortened(ecosystem ?? type, 12) },
    { id: "findings", title: "Findings", width: "186px", cell: ({ counts }) => <SeverityBar counts={counts} /> },
    {
      id: "fix",
      title: "Clears all",
      width: "92px",
      cell: ({ clearsAll, suggestedFix }) => shortened(clearsAll ?? suggestedFix ?? "–", 24),
    },
    {
      id: "license",
      title: "Licence",
      width: "76px",
      cell: ({ license = "" }) => (
        <span title={plain(license).slice(0, 2000)}>{shortened(license, 60) || "unknown"}</span>
      ),
    },
    {
      id: "path",
      title: "Path",
      width: "92px",
      cell: ({ path = "" }) => <span title={plain(path).slice(0, 2000)}>{shortened(path, 60)}</span>,
    },
  ];
}

/** Every package in the squashed tree, worst first; a row shows its findings. */
export function Packages({ model, result: { problems } }: ResultView) {
  const [view, change] = useView();
  const columns = useMemo(() => columnsOf((problems ?? []).filter((one) => one.package !== undefined)), [problems]);
  const rows = useMemo(() => packagesIn(model, view), [model, view]);
  return (
    <>
      <Filters marked={false} />
      {rows.length === 0 ? (
        <Empty title={model.packages.length === 0 ? "No package was found" : "No package is like that"}>
          {model.packages.length > 0 && "Take the filter away."}
        </Empty>
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
