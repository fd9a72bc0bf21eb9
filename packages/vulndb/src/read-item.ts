import type { FeedRecord, Problem } from "@plimsoll/model";
import type { Dated } from "./feed.ts";

/** A feed's own word on how old its data is. */
export interface FeedDate extends Dated {
  readonly feed: string;
}

/** What reading feeds yields: facts, dates, and what could not be read. */
export type ReadItem = FeedRecord | FeedDate | Problem;

/** Whether an item is something that was not read. */
export function isProblem(item: ReadItem): item is Problem {
  return !("kind" in item);
}
