import type { Epss } from "@plimsoll/model";
import type { FeedFile } from "../../feed.ts";
import { cveIdOf, dateField } from "../../records/field.ts";
import { numberOf } from "../../records/json-value.ts";
import { linesOf } from "../../records/lines.ts";
import { Fault, type FeedItem, readEach } from "../../records/read-each.ts";

/**
 * Scores of one EPSS file (www.first.org/epss/data_stats: a comment line with model version and score date, then
 * `cve,epss,percentile`). Files of 2021 have no comment line: their name holds the date.
 */
export async function* parseEpss(feed: string, file: FeedFile): AsyncGenerator<FeedItem> {
  let date = dateField(/\d{4}-\d\d-\d\d/.exec(file.path)?.[0]);
  const read = (line: string): Iterable<FeedItem> | Fault => {
    if (line.startsWith("#")) {
      date = dateField(/score_date:(\d{4}-\d\d-\d\d)/.exec(line)?.[1]) ?? date;
      return [];
    }
    if (line === "" || line.startsWith("cve,")) return [];
    return date === undefined
      ? new Fault("neither the file nor its name says of which day the scores are")
      : scoreOf(feed, line, date);
  };
  yield* readEach({ feed, path: file.path }, linesOf(file.stream()), read);
  if (date !== undefined) yield { kind: "dated", date };
}

function scoreOf(feed: string, line: string, date: string): Epss[] | Fault {
  const [id, first, second] = line.split(",");
  const vulnerability = cveIdOf(id);
  if (vulnerability === null) return new Fault("a line without a CVE id", line.slice(0, 40));
  const score = numberOf(first);
  const percentile = numberOf(second);
  if (!isProbability(score) || !isProbability(percentile))
    return new Fault("score or percentile is not in 0 to 1", vulnerability);
  return [{ kind: "epss", feed, vulnerability, score, percentile, date }];
}

function isProbability(value: number | null): value is number {
  return value !== null && value >= 0 && value <= 1;
}
