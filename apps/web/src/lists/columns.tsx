import type { RegistryResultRow, RuntimeResultRow } from "@plimsoll/contract";
import type { Column } from "../ui/data-table/column.ts";
import { SeverityBar } from "../ui/severity-bar.tsx";
import { Verdict } from "../ui/verdict.tsx";
import { When } from "../ui/when.tsx";
import { Label, MarkedCounts, Name, Unscanned } from "./cells.tsx";

/** Columns that lists of results have in common; `Field`: what of a row they read. */
type Common<Field extends keyof RegistryResultRow> = Column<Pick<RegistryResultRow, Field>>;

export const imageColumn: Common<"pullString"> = {
  id: "image",
  title: "Image",
  width: "auto",
  sort: "name",
  cell: ({ pullString }) => <Name text={pullString} />,
};

/** Without an SBOM nobody knows what is there. */
const isScanned = ({ sbomId }: Pick<RegistryResultRow, "sbomId">): boolean => sbomId !== null;

export const findingsColumn: Common<"vulnTotalBySeverity" | "sbomId"> = {
  id: "findings",
  title: "Findings",
  width: "280px",
  sort: "vulnTotalBySeverity",
  cell: (row) => (isScanned(row) ? <SeverityBar counts={row.vulnTotalBySeverity} /> : <Unscanned />),
};

export const marksColumn: Common<"exploitable" | "fixable" | "sbomId"> = {
  id: "marks",
  title: "Of these",
  sort: "risk",
  width: "124px",
  cell: (row) => isScanned(row) && <MarkedCounts {...row} />,
};

export const verdictColumn: Common<"policyEvaluationResult" | "isComplete" | "sbomId"> = {
  id: "verdict",
  title: "Policies",
  width: "164px",
  cell: (row) => isScanned(row) && <Verdict word={row.policyEvaluationResult} complete={row.isComplete !== false} />,
};

export const judgedColumn: Common<"createdAt" | "sbomId"> = {
  id: "judged",
  title: "Judged",
  width: "132px",
  sort: "createdAt",
  cell: (row) => isScanned(row) && <When at={row.createdAt} />,
};

export const imageIdColumn: Common<"imageId"> = {
  id: "digest",
  title: "Image ID",
  width: "180px",
  isExtra: true,
  cell: ({ imageId }) => <Name text={imageId} most={22} />,
};

/** What a label of an asset says, which is also a filter. */
export function labelColumn(filter: string, title: string, label: string): Column<Pick<RuntimeResultRow, "scope">> {
  return {
    id: filter,
    title,
    width: "104px",
    cell: ({ scope }) => <Label filter={filter} title={title.toLowerCase()} value={scope[label]} />,
  };
}
