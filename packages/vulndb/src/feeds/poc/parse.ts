import type { Exploit } from "@plimsoll/model";
import type { FeedFile } from "../../feed.ts";
import { cveIdOf } from "../../records/field.ts";
import { numberOf } from "../../records/json-value.ts";
import { linesOf } from "../../records/lines.ts";
import { Fault, type FeedItem, readEach } from "../../records/read-each.ts";

/**
 * References of a CVE from which on its proof of concept counts as a public exploit. The list follows every link an
 * advisory gives, so a few references are hearsay: of 209 CVEs in real reports the reference scanner calls 12
 * exploitable; one reference would say 71 (4 of them right), five say 8 (3 of them right).
 */
const leastReferences = 5;

/**
 * Exploits from a table `cve, poc_references, github_pocs` (tab separated), of CVEs with {@link leastReferences}. The
 * GitHub column counts every repository that mentions the id, lists of all CVEs included (193 of those 209): it is
 * checked, not used.
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
  return count < leastReferences ? [] : [{ kind: "exploit", feed, vulnerability, count }];
}

function isCount(value: number | null): value is number {
  return Number.isSafeInteger(value) && value !== null && value >= 0;
}
