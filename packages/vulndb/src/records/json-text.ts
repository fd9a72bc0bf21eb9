import { messageOf } from "@plimsoll/kit";
import type { FeedFile } from "../feed.ts";
import { Fault } from "./read-each.ts";

/** Longest document read in one piece, characters; the largest real CVE record has 0.7 million. */
const longestDocument = 64 * 2 ** 20;

/** A small JSON document in one piece; a Fault when it is none. */
export async function readJson(file: FeedFile): Promise<unknown> {
  const text = await file.text();
  if (text.length > longestDocument) return new Fault(`document of ${text.length} characters is too long`);
  return parseJson(text);
}

/** `JSON.parse` whose failure is a value. A byte order mark is no failure. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text.startsWith("\ufeff") ? text.slice(1) : text);
  } catch (cause) {
    return new Fault(`not JSON: ${messageOf(cause)}`);
  }
}
