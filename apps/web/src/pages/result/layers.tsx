import { useView } from "../../frame/view.ts";
import { Copyable } from "../../ui/copyable.tsx";
import type { Column } from "../../ui/data-table/column.ts";
import { DataTable } from "../../ui/data-table/data-table.tsx";
import { plain, shortened } from "../../ui/plain.ts";
import { SeverityBar } from "../../ui/severity-bar.tsx";
import { sizeText } from "../../ui/sizes.ts";
import { Empty } from "../../ui/states/empty.tsx";
import type { LayerRow } from "./model.ts";
import type { ResultView } from "./result-view.ts";

const columns: readonly Column<LayerRow>[] = [
  { id: "index", title: "No.", width: "44px", align: "right", cell: ({ index }) => index },
  {
    id: "command",
    title: "Command",
    width: "36%",
    cell: ({ command }) => <code title={plain(command)}>{shortened(command || "(no command recorded)", 90)}</code>,
  },
  {
    id: "size",
    title: "Size",
    width: "84px",
    align: "right",
    cell: ({ size, digest }) => (digest === "" ? "–" : sizeText(size)),
  },
  { id: "packages", title: "Packages", width: "84px", align: "right", cell: ({ packages }) => packages },
  { id: "findings", title: "Brought", width: "28%", cell: ({ counts }) => <SeverityBar counts={counts} /> },
  {
    id: "digest",
    title: "diffID",
    width: "22%",
    cell: ({ digest }) => (digest === "" ? "no file system" : <Copyable text={digest} what="diffID" most={20} />),
  },
];

/** What each layer brought; a row narrows the findings to it. */
export function Layers({ model: { layers } }: ResultView) {
  const [, change] = useView();
  if (layers.length === 0) return <Empty title="This target has no layers" />;
  return (
    <DataTable<LayerRow>
      label="Layers"
      columns={columns}
      rows={layers}
      keyOf={({ key }) => key}
      onOpen={({ key }) => change({ tab: "vulnerabilities", layer: key })}
    />
  );
}
