import type { RegistryResultRow } from "@plimsoll/contract";
import { Link } from "@tanstack/react-router";
import { Label } from "../../lists/cells.tsx";
import {
  findingsColumn,
  imageColumn,
  imageIdColumn,
  judgedColumn,
  labelColumn,
  marksColumn,
  verdictColumn,
} from "../../lists/columns.tsx";
import type { ListKind } from "../../lists/list-kind.ts";
import { ListPage } from "../../lists/list-page.tsx";

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
    imageColumn,
    findingsColumn,
    marksColumn,
    verdictColumn,
    judgedColumn,
    { ...labelColumn("registry", "Registry", "registry.name"), width: "180px", isExtra: true },
    { ...labelColumn("repository", "Repository", "repository.name"), width: "180px", isExtra: true },
    {
      id: "vendor",
      title: "Vendor",
      width: "120px",
      isExtra: true,
      cell: ({ vendor }) => <Label filter="vendor" title="vendor" value={vendor} />,
    },
    imageIdColumn,
  ],
};

/** Images of registries with what is known of them now. */
export function Page() {
  return <ListPage kind={kind} />;
}
