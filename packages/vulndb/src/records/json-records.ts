import { parseJson } from "./json-text.ts";
import { Fault } from "./read-each.ts";
import { type RecordPlace, RecordSlicer } from "./record-slicer.ts";

/**
 * The records of a JSON document too large to parse whole, one at a time: memory is that of the largest record. A record
 * that is not JSON, or too long, is a Fault and the rest goes on; a document that ends early or lacks the array ends in
 * a Fault. Invalid UTF-8 reads as U+FFFD.
 */
export async function* jsonRecords(
  chunks: AsyncIterable<Uint8Array>,
  place: RecordPlace = {},
): AsyncGenerator<unknown> {
  const slicer = new RecordSlicer(place);
  const decoder = new TextDecoder();
  for await (const chunk of chunks) {
    for (const slice of slicer.push(chunk)) yield slice instanceof Fault ? slice : parseJson(decoder.decode(slice));
    if (slicer.broken) break;
  }
  const end = slicer.end();
  if (end !== null) yield end;
}

/** A member of a JSON document's root whose value is an object. */
export interface NamedRecord {
  readonly name: string;
  readonly value: unknown;
}

/** The root's members that are objects, with their names; otherwise like {@link jsonRecords}. */
export async function* namedRecords(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<NamedRecord | Fault> {
  const slicer = new RecordSlicer({});
  const decoder = new TextDecoder();
  for await (const chunk of chunks) {
    for (const slice of slicer.push(chunk)) {
      const value = slice instanceof Fault ? slice : parseJson(decoder.decode(slice));
      yield value instanceof Fault ? value : { name: slicer.member, value };
    }
    if (slicer.broken) break;
  }
  const end = slicer.end();
  if (end !== null) yield end;
}
