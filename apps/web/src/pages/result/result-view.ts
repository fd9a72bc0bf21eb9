import type { FullResult } from "@plimsoll/contract";
import type { LayerRow, ResultModel } from "./model.ts";

/** What every part of the page is given. */
export interface ResultView {
  readonly resultId: string;
  readonly result: FullResult;
  /** Of the whole target. */
  readonly whole: ResultModel;
  /** Of the layer that was chosen; else of the whole. */
  readonly model: ResultModel;
  /** The layer that was chosen. */
  readonly layer: LayerRow | undefined;
}
