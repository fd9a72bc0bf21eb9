import type { RuntimeResultRow } from "@plimsoll/contract";
import { MarkedCounts, Name } from "../../lists/cells.tsx";
import { findingsColumn, judgedColumn, labelColumn, marksColumn, verdictColumn } from "../../lists/columns.tsx";
import type { ListKind } from "../../lists/list-kind.ts";
import { ListPage } from "../../lists/list-page.tsx";
import { severities } from "../../ui/severity.ts";
import { SeverityBar } from "../../ui/severity-bar.tsx";

const kind: ListKind<RuntimeResultRow> = {
  stage: "runtime",
  title: "Runtime",
  noun: ["workload or host", "workloads and hosts"],
  levels: [
    { by: "cluster", filter: "cluster", title: "Cluster", many: "clusters" },
    { by: "namespace", filter: "namespace", title: "Namespace", many: "namespaces" },
    { by: "workload", filter: "workload", title: "Workload", many: "workloads" },
  ],
  keyOf: ({ assetId }) => assetId,
  resultOf: ({ resultId }) => resultId,
  empty: {
    title: "Nothing that runs was seen yet",
    how: (
      <>
        Workloads come from a collector in the cluster; a host comes by <code>plimsoll scan host: --apiurl …</code>
      </>
    ),
  },
  columns: [
    {
      id: "name",
      title: "Workload or host",
      width: "auto",
      sort: "name",
      cell: ({ mainAssetName }) => <Name text={mainAssetName} />,
    },
    labelColumn("cluster", "Cluster", "kubernetes.cluster.name"),
    labelColumn("namespace", "Namespace", "kubernetes.namespace.name"),
    findingsColumn,
    {
      ...marksColumn,
      width: "140px",
      cell: (row) => row.sbomId !== null && <MarkedCounts {...row} inUse={inUseOf(row)} />,
    },
    verdictColumn,
    judgedColumn,
    { ...labelColumn("workload", "Workload", "kubernetes.workload.name"), isExtra: true },
    { ...labelColumn("host", "Host", "host.hostName"), isExtra: true },
    { ...labelColumn("type", "Type", "asset.type"), isExtra: true },
    {
      id: "running",
      title: "Findings in use",
      width: "280px",
      sort: "runningVulnTotalBySeverity",
      isExtra: true,
      cell: (row) => <SeverityBar counts={row.runningVulnTotalBySeverity} />,
    },
  ],
};

/** Findings in packages that are loaded; nothing where nothing tells. */
function inUseOf({ isRiskSpotlightEnabled, runningVulnTotalBySeverity }: RuntimeResultRow): number | null {
  if (!isRiskSpotlightEnabled) return null;
  return severities.reduce((sum, severity) => sum + runningVulnTotalBySeverity[severity], 0);
}

/** Workloads and hosts with what is known of them now. */
export function Page() {
  return <ListPage kind={kind} />;
}
