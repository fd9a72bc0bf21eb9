import type { RegistryResultRow } from "@plimsoll/contract";
import { Link } from "@tanstack/react-router";
import { Label, MarkedCounts, Name } from "../../lists/cells.tsx";
import type { ListKind } from "../../lists/list-kind.ts";
import { ListPage } from "../../lists/list-page.tsx";
import { SeverityBar } from "../../ui/severity-bar.tsx";
import { Verdict } from "../../ui/verdict.tsx";
import { When } from "../../ui/when.tsx";

const kind: ListKind<RegistryResultRow> = {
  stage: "registry",
  title: "Registry images",
  noun: ["image", "images"],
  levels: [
    { by: "registry", filter: "registry", title: "Registry", many: "registries" },
    { by: "repository", filter: "repository", title: "Repository", many: "repositories" },
    { by: "tag", filter: "tag", title: "Tag", many: "tags" },
  ],
  keyOf: ({ assetId }) => assetId,
  resultOf: ({ resultId }) => resultId,
  empty: {
    title: "No image of a registry was scanned yet",
    how: (
      <>
        <Link to="/scan">Scan an image now</Link>; it is pulled from its registry and stays in this list.
      </>
    ),
  },
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
      title: "Judged",
      width: "112px",
      sort: "createdAt",
      cell: ({ createdAt }) => <When at={createdAt} />,
    },
    {
      id: "registry",
      title: "Registry",
      width: "180px",
      isExtra: true,
      cell: ({ scope }) => <Label filter="registry" title="registry" value={scope["registry.name"]} />,
    },
    {
      id: "repository",
      title: "Repository",
      width: "180px",
      isExtra: true,
      cell: ({ scope }) => <Label filter="repository" title="repository" value={scope["repository.name"]} />,
    },
    {
      id: "vendor",
      title: "Vendor",
      width: "120px",
      isExtra: true,
      cell: ({ vendor }) => <Label filter="vendor" title="vendor" value={vendor} />,
    },
    {
      id: "digest",
      title: "Image ID",
      width: "180px",
      isExtra: true,
      cell: ({ imageId }) => <Name text={imageId} most={22} />,
    },
  ],
};

/** Images of registries with what is known of them now. */
export function Page() {
  return <ListPage kind={kind} />;
}
