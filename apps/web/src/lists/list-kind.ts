import type { Grouping } from "@plimsoll/contract";
import type { ReactNode } from "react";
import type { View } from "../frame/view.ts";
import type { Column, Order } from "../ui/data-table/column.ts";
import type { Stage } from "./filters.ts";

/** One of the lists of results, as data. */
export interface ListKind<Row> {
  readonly stage: Stage;
  readonly title: string;
  /** What a row is: "image", "images". */
  readonly noun: readonly [one: string, many: string];
  readonly columns: readonly Column<Row>[];
  /** How it can be taken apart, the widest first. */
  readonly levels: readonly Level[];
  readonly keyOf: (row: Row) => string;
  /** "" when there is none to open yet. */
  readonly resultOf: (row: Row) => string;
  /** What stands where nothing was seen yet. */
  readonly empty: { readonly title: string; readonly how: ReactNode };
}

export interface Level {
  readonly by: Grouping;
  /** Id of the filter that a group becomes. */
  readonly filter: string;
  readonly title: string;
  readonly many: string;
}

const usualOrder: Order = { by: "risk", direction: "desc" };

/** The order that an address asks for; by risk when it asks for none, or for one that the list has not. */
export function orderIn(view: View, sorts: readonly string[]): Order {
  const by = view.sort ?? usualOrder.by;
  if (!sorts.includes(by)) return usualOrder;
  return { by, direction: view.order === "asc" ? "asc" : "desc" };
}

/** "3 images", "1 image", "10,000+ images". */
export function countInWords(count: number, [one, many]: readonly [string, string], isAtLeast = false): string {
  return `${count.toLocaleString("en")}${isAtLeast ? "+" : ""} ${count === 1 && !isAtLeast ? one : many}`;
}
