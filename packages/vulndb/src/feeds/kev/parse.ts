import type { Kev } from "@plimsoll/model";
import type { FeedFile } from "../../feed.ts";
import { csvRows } from "../../records/csv.ts";
import { cveIdOf, dateField } from "../../records/field.ts";
import { parseJson } from "../../records/json-text.ts";
import { memberOf } from "../../records/json-value.ts";
import { Fault, type FeedItem, readEach } from "../../records/read-each.ts";

/** Entries of the catalogue (JSON: www.cisa.gov/sites/default/files/feeds/known_exploited_vulnerabilities_schema.json; CSV: same names as columns). */
export async function* parseKev(feed: string, file: FeedFile): AsyncGenerator<FeedItem> {
  const text = await file.text();
  const origin = { feed, path: file.path };
  const { entries, released } = /^\s*\{/.test(text) ? fromJson(text) : fromCsv(text);
  let lastAdded = "";
  for await (const item of readEach(origin, entries, (entry) => kevOf(feed, entry))) {
    yield item;
    if ("kind" in item && item.kind === "kev" && item.added > lastAdded) lastAdded = item.added;
  }
  // The CSV has no release date; its newest entry is the honest lower bound.
  const date = dateField(released) ?? lastAdded;
  if (date !== "") yield { kind: "dated", date };
}

interface Catalogue {
  readonly entries: Iterable<unknown>;
  readonly released?: unknown;
}

function fromJson(text: string): Catalogue {
  const document = parseJson(text);
  const entries = memberOf(document, "vulnerabilities");
  if (document instanceof Fault) return { entries: [document] };
  if (!Array.isArray(entries)) return { entries: [new Fault('there is no list "vulnerabilities"')] };
  return { entries, released: memberOf(document, "dateReleased") };
}

function fromCsv(text: string): Catalogue {
  const [header = [], ...rows] = csvRows(text.startsWith("\ufeff") ? text.slice(1) : text);
  const entries = rows
    .filter((row) => row.some((field) => field !== ""))
    .map((row) => Object.fromEntries(header.map((name, index) => [name, row[index] ?? ""])));
  return { entries };
}

function kevOf(feed: string, entry: unknown): Kev[] | Fault {
  const id = cveIdOf(memberOf(entry, "cveID"));
  if (id === null) return new Fault("an entry without a CVE id");
  const added = dateField(memberOf(entry, "dateAdded"))?.slice(0, 10);
  const due = dateField(memberOf(entry, "dueDate"))?.slice(0, 10);
  if (added === undefined || due === undefined) return new Fault("dateAdded or dueDate is no date", id);
  const ransomware = memberOf(entry, "knownRansomwareCampaignUse") === "Known";
  return [{ kind: "kev", feed, vulnerability: id, added, due, ransomware }];
}
