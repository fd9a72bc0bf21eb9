import type { FeedRecord } from "@plimsoll/model";
import type { FeedFile } from "../feed.ts";
import { dateField } from "./field.ts";
import { jsonRecords } from "./json-records.ts";
import { type Fault, type FeedItem, readEach } from "./read-each.ts";

/** A large JSON document, its array of records and the member of its root that dates it. */
export interface DatedJson {
  readonly feed: string;
  readonly file: FeedFile;
  readonly array: string;
  readonly date: string;
}

/** The facts of each record as `read` gives them, and last the document's own date, if it names one. Faults as {@link readEach}. */
export async function* readDatedJson(
  { feed, file, array, date }: DatedJson,
  read: (record: unknown) => FeedRecord[] | Fault,
): AsyncGenerator<FeedItem> {
  let dated: string | undefined;
  const onMember = (name: string, value: string): void => {
    if (name === date) dated = dateField(value);
  };
  yield* readEach({ feed, path: file.path }, jsonRecords(file.stream(), { array, onMember }), read);
  if (dated !== undefined) yield { kind: "dated", date: dated };
}
