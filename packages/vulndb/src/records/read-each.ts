import { plainText } from "@plimsoll/kit";
import type { FeedRecord, Problem } from "@plimsoll/model";
import type { Dated } from "../feed.ts";

/** What a feed yields. */
export type FeedItem = FeedRecord | Dated | Problem;

/** Why a record, or the rest of a document, could not be read. */
export class Fault {
  readonly reason: string;
  /** Id or line of the record, as far as known. */
  readonly record: string | undefined;

  constructor(reason: string, record?: string) {
    this.reason = reason;
    this.record = record;
  }
}

/** Where Problems say they come from. */
export interface Origin {
  readonly feed: string;
  readonly path: string;
}

/** Problems told one by one for each document; the rest is counted in a last one. */
const problemsPerFile = 50;

/**
 * Turns the raw records of one document into facts: `read` gives the facts of one record or the Fault that keeps it out.
 * Faults become Problems, at most 50 a document and then their number, so that a spoilt document cannot flood a report.
 */
export async function* readEach<T>(
  origin: Origin,
  records: AsyncIterable<T | Fault> | Iterable<T | Fault>,
  read: (record: T) => Iterable<FeedItem | Fault> | Fault,
): AsyncGenerator<FeedItem> {
  let faults = 0;
  for await (const item of itemsOf(records, read)) {
    if (!(item instanceof Fault)) yield item;
    else if (++faults <= problemsPerFile) yield problemOf(origin, item);
  }
  if (faults > problemsPerFile) {
    yield problemOf(origin, new Fault(`${faults - problemsPerFile} more records could not be read`));
  }
}

async function* itemsOf<T>(
  records: AsyncIterable<T | Fault> | Iterable<T | Fault>,
  read: (record: T) => Iterable<FeedItem | Fault> | Fault,
): AsyncGenerator<FeedItem | Fault> {
  for await (const record of records) {
    const outcome = record instanceof Fault ? record : read(record);
    if (outcome instanceof Fault) yield outcome;
    else yield* outcome;
  }
}

/** The Problem for one record that could not be read. */
function problemOf({ feed, path }: Origin, { reason, record }: Fault): Problem {
  const what = record === undefined ? "" : `${plainText(record, 100)}: `;
  return { level: "warning", code: "feed-record-unreadable", message: `${what}${plainText(reason, 300)}`, path, feed };
}
