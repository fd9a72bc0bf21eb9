import type { FullResult } from "@plimsoll/contract";
import type { ResultModel } from "./model.ts";

/** What every part of the page is given. */
export interface ResultView {
  readonly resultId: string;
  readonly result: FullResult;
  readonly model: ResultModel;
}
