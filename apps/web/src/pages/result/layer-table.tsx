import { useView } from "../../frame/view.ts";
import { Copyable } from "../../ui/copyable.tsx";
import type { Column } from "../../ui/data-table/column.ts";
import { DataTable } from "../../ui/data-table/data-table.tsx";
import { shortened } from "../../ui/plain.ts";
import { SeverityBar } from "../../ui/severity-bar.tsx";
import { sizeText } from "../../ui/sizes.ts";
import type { LayerRow } from "./model.ts";
import type { ResultView } from "./result-view.ts";

const columns: readonly Column<LayerRow>[] = [
  { id: "index", title: "No.", width: "44px", align: "right", cell: ({ index }) => index },
  {
    id: "command",
    title: "Command",
    width: "auto",
    cell: ({ command }) => <code title={command}>{shortened(command, 90)}</code>,
  },
  {
    id: "size",
    title: "Size",
    width: "74px",
    align: "right",
    cell: ({ size, digest }) => (digest === "" ? "–" : sizeText(size)),
  },
  { id: "packages", title: "Packages", width: "78px", align: "right", cell: ({ packages }) => packages },
  { id: "findings", title: "Brought", width: "196px", cell: ({ counts }) => <SeverityBar counts={counts} /> },
  {
    id: "digest",
    title: "diffID",
    width: "160px",
    cell: ({ digest }) => (digest === "" ? "no file system" : <Copyable text={digest} what="diffID" most={14} />),
  },
];

/** What each layer brought, in numbers; a row narrows everything to it. */
export function LayerTable({ whole: { layers }, layer }: ResultView) {
  const [, change] = useView();
  return (
    <DataTable<LayerRow>
      label="Layers"
      columns={columns}
      rows={layers}
      keyOf={({ key }) => key}
      openKey={layer?.key}
      onOpen={({ key }) => change({ tab: "vulnerabilities", layer: key })}
    />
  );
}
