import type { PipelineResultRow } from "@plimsoll/contract";
import { Name } from "../../lists/cells.tsx";
import {
  findingsColumn,
  imageColumn,
  imageIdColumn,
  judgedColumn,
  marksColumn,
  verdictColumn,
} from "../../lists/columns.tsx";
import type { ListKind } from "../../lists/list-kind.ts";
import { ListPage } from "../../lists/list-page.tsx";
import { ScanCommand } from "../../lists/scan-command.tsx";

const kind: ListKind<PipelineResultRow> = {
  stage: "pipeline",
  title: "Pipeline results",
  noun: ["result", "results"],
  levels: [],
  keyOf: ({ resultId }) => resultId,
  resultOf: ({ resultId }) => resultId,
  empty: { title: "No pipeline has sent a scan yet", how: <ScanCommand /> },
  columns: [
    imageColumn,
    findingsColumn,
    marksColumn,
    verdictColumn,
    { ...judgedColumn, id: "scanned", title: "Scanned" },
    imageIdColumn,
    {
      id: "result",
      title: "Result",
      width: "180px",
      isExtra: true,
      cell: ({ resultId }) => <Name text={resultId} most={22} />,
    },
  ],
};

/** Frozen results of pipelines. */
export function Page() {
  return <ListPage kind={kind} />;
}
