import type { Exploit } from "@plimsoll/model";
import type { FeedFile } from "../../feed.ts";
import { cveIdOf } from "../../records/field.ts";
import { numberOf } from "../../records/json-value.ts";
import { linesOf } from "../../records/lines.ts";
import { Fault, type FeedItem, readEach } from "../../records/read-each.ts";

/**
 * Exploits from a table `cve, poc_references, github_pocs` (tab separated). Only the references of the CVE itself count.
 * The GitHub column counts every repository that mentions the id, lists of all CVEs included: of 209 CVEs in real
 * reports it would call 193 exploitable, the references 71, and the reference scanner says 12. It is checked, not used.
 */
export async function* parsePoc(feed: string, file: FeedFile): AsyncGenerator<FeedItem> {
  yield* readEach({ feed, path: file.path }, linesOf(file.stream()), (line) => exploitOf(feed, line));
}

function exploitOf(feed: string, line: string): Exploit[] | Fault {
  if (line === "" || line.startsWith("cve\t")) return [];
  const [id, references, mentions] = line.split("\t");
  const vulnerability = cveIdOf(id);
  if (vulnerability === null) return new Fault("a line without a CVE id", line.slice(0, 40));
  const count = numberOf(references);
  if (!isCount(count) || !isCount(numberOf(mentions))) return new Fault("a count is no whole number", vulnerability);
  return count === 0 ? [] : [{ kind: "exploit", feed, vulnerability, count }];
}

function isCount(value: number | null): value is number {
  return Number.isSafeInteger(value) && value !== null && value >= 0;
}
