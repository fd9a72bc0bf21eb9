import type { ReactNode } from "react";

/** One column, as data: what a list shows is its list of these. */
export interface Column<Row> {
  readonly id: string;
  readonly title: string;
  /** CSS width: `120px`, `40%`; `auto`: what others leave. */
  readonly width: string;
  readonly align?: "right";
  /** The word by which the list is ordered when the heading is pressed. */
  readonly sort?: string;
  /** Shown only when chosen. */
  readonly isExtra?: boolean;
  readonly cell: (row: Row) => ReactNode;
}

/** Least width of a column whose own grows with the table, and of a table, in px. */
const readable = 200;
const leastTable = 720;

/** Narrower, and columns that give way could no longer be read; in px. */
export function leastWidth(columns: readonly { readonly width: string }[]): number {
  const widths = columns.map(({ width }) => (width.endsWith("px") ? Number.parseFloat(width) : readable));
  return Math.max(
    leastTable,
    widths.reduce((sum, width) => sum + width, 0),
  );
}

export interface Order {
  readonly by: string;
  readonly direction: "asc" | "desc";
}

/** What a press on a heading asks for: the worst first, then the other way round. */
export function nextOrder(current: Order | undefined, by: string): Order {
  return { by, direction: current?.by === by && current.direction === "desc" ? "asc" : "desc" };
}

/** The columns to show: all but extra ones when nothing is chosen. `chosen`: ids. */
export function shownColumns<Row>(
  columns: readonly Column<Row>[],
  chosen: readonly string[] | undefined,
): readonly Column<Row>[] {
  if (chosen === undefined || chosen.length === 0) return columns.filter(({ isExtra }) => isExtra !== true);
  return columns.filter(({ id }, index) => index === 0 || chosen.includes(id));
}
