import type { PipelineResultRow } from "@plimsoll/contract";
import { MarkedCounts, Name } from "../../lists/cells.tsx";
import type { ListKind } from "../../lists/list-kind.ts";
import { ListPage } from "../../lists/list-page.tsx";
import { ScanCommand } from "../../lists/scan-command.tsx";
import { SeverityBar } from "../../ui/severity-bar.tsx";
import { Verdict } from "../../ui/verdict.tsx";
import { When } from "../../ui/when.tsx";

const kind: ListKind<PipelineResultRow> = {
  stage: "pipeline",
  title: "Pipeline results",
  noun: ["result", "results"],
  levels: [],
  keyOf: ({ resultId }) => resultId,
  resultOf: ({ resultId }) => resultId,
  empty: { title: "No pipeline has sent a scan yet", how: <ScanCommand /> },
  columns: [
    { id: "image", title: "Image", width: "34%", sort: "name", cell: ({ pullString }) => <Name text={pullString} /> },
    {
      id: "findings",
      title: "Findings",
      width: "280px",
      sort: "vulnTotalBySeverity",
      cell: (row) => <SeverityBar counts={row.vulnTotalBySeverity} />,
    },
    { id: "marks", title: "Of these", sort: "risk", width: "124px", cell: (row) => <MarkedCounts {...row} /> },
    {
      id: "verdict",
      title: "Policies",
      width: "132px",
      cell: (row) => <Verdict word={row.policyEvaluationResult} complete={row.isComplete !== false} />,
    },
    {
      id: "scanned",
      title: "Scanned",
      width: "112px",
      sort: "createdAt",
      cell: ({ createdAt }) => <When at={createdAt} />,
    },
    {
      id: "digest",
      title: "Image ID",
      width: "180px",
      isExtra: true,
      cell: ({ imageId }) => <Name text={imageId} most={22} />,
    },
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
