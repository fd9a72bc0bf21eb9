import type { PipelineRow } from "../../api/results.ts";
import type { Column } from "../../ui/data-table/column.ts";
import { plain, shortened } from "../../ui/plain.ts";
import { SeverityBar } from "../../ui/severity-bar.tsx";
import { Verdict } from "../../ui/verdict.tsx";
import { When } from "../../ui/when.tsx";

export const columns: readonly Column<PipelineRow>[] = [
  {
    id: "image",
    title: "Image",
    width: "36%",
    cell: ({ pullString }) => <span title={plain(pullString).slice(0, 2000)}>{shortened(pullString, 70)}</span>,
  },
  { id: "findings", title: "Findings", width: "30%", cell: (row) => <SeverityBar counts={row.vulnTotalBySeverity} /> },
  { id: "verdict", title: "Policies", width: "14%", cell: (row) => <Verdict word={row.policyEvaluationResult} /> },
  { id: "scanned", title: "Scanned", width: "14%", cell: ({ createdAt }) => <When at={createdAt} /> },
];
