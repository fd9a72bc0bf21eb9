import type { Difference } from "@plimsoll/model";
import type { Paint } from "../console/paint.ts";

/** What every section of the text works with. */
export interface DiffScene {
  readonly difference: Difference;
  /** Cells of a line. */
  readonly columns: number;
  readonly paint: Paint;
  readonly everyRow: boolean;
}

/** Rows of one table unless all are asked for. */
export const shownRows = 40;
