import type { Exploit } from "@plimsoll/model";
import type { FeedFile } from "../../feed.ts";
import { cveIdOf, dateField } from "../../records/field.ts";
import { jsonRecords } from "../../records/json-records.ts";
import { readJson } from "../../records/json-text.ts";
import { memberOf, textOf, textsOf } from "../../records/json-value.ts";
import { Fault, type FeedItem, type Origin, readEach } from "../../records/read-each.ts";

/** Links to one exploit kept at most; a CVE with more is exploitable enough. */
const mostLinks = 20;
const sources = "https://github.com/rapid7/metasploit-framework/blob/master";

interface Module {
  readonly ids: readonly string[];
  readonly link: string | undefined;
  /** Day of the module's last change: it was public then at the latest. (`disclosure_date` is the flaw's, not the module's.) */
  readonly changed: string | undefined;
}

/** Exploits by CVE. The metadata base is an object of modules, told apart by its first byte from a list of one CVE. */
export async function* parseMetasploit(feed: string, file: FeedFile): AsyncGenerator<FeedItem> {
  const origin = { feed, path: file.path };
  const byCve = new Map<string, Module[]>();
  const collect = (module: Module | Fault): [] | Fault => {
    if (module instanceof Fault) return module;
    for (const id of module.ids) byCve.set(id, [...(byCve.get(id) ?? []), module]);
    return [];
  };
  const first = await firstByte(file);
  if (first === "{") yield* readEach(origin, jsonRecords(file.stream()), (record) => collect(fromMetadata(record)));
  else yield* readList(origin, file, collect);
  for (const id of [...byCve.keys()].sort()) yield exploitOf(feed, id, byCve.get(id) ?? []);
}

/** A list speaks of the CVE in its name; its modules name others too, whose own lists hold them again. */
async function* readList(
  origin: Origin,
  file: FeedFile,
  collect: (module: Module | Fault) => [] | Fault,
): AsyncGenerator<FeedItem> {
  const list = await readJson(file);
  const subject = cveIdOf(/CVE-\d+-\d+(?=\.json$)/.exec(file.path)?.[0]);
  const records = Array.isArray(list) ? list : [list instanceof Fault ? list : new Fault("neither list nor object")];
  yield* readEach(origin, records, (record) => collect(about(subject, fromList(record))));
}

function about(subject: string | null, module: Module | Fault): Module | Fault {
  if (module instanceof Fault || subject === null || !module.ids.includes(subject)) return module;
  return { ...module, ids: [subject] };
}

async function firstByte(file: FeedFile): Promise<string> {
  for await (const chunk of file.stream()) {
    const text = new TextDecoder().decode(chunk.subarray(0, 4096)).trimStart();
    if (text !== "") return text.charAt(0);
  }
  return "";
}

/** A module of db/modules_metadata_base.json. Modules that look for a flaw (auxiliary scanners) count: they show it is reachable. */
function fromMetadata(record: unknown): Module | Fault {
  const references = memberOf(record, "references");
  const path = textOf(memberOf(record, "path"));
  if (path === null || !Array.isArray(references)) {
    return new Fault("a module without path or references", textOf(memberOf(record, "fullname")) ?? undefined);
  }
  const link = /^\/modules\/[\w./-]{1,300}\.\w+$/.test(path) ? `${sources}${path}` : undefined;
  return {
    ids: idsOf(textsOf(references)),
    link,
    changed: dateField(textOf(memberOf(record, "mod_time"))?.slice(0, 10)),
  };
}

/** An entry of vulsio/msfdb-list; the module itself is the reference that lies in the framework's repository. */
function fromList(record: unknown): Module | Fault {
  const ids = idsOf(textsOf(memberOf(record, "CveIDs")));
  if (ids.length === 0) return new Fault("a module without a CVE id", textOf(memberOf(record, "Name")) ?? undefined);
  const link = textsOf(memberOf(record, "References")).find((url) => url.startsWith(`${sources}/modules/`));
  return { ids, link: link?.slice(0, 500), changed: undefined };
}

/** Modules name a CVE `CVE-2017-0143`, some without the prefix or in lower case. */
function idsOf(references: readonly string[]): string[] {
  const ids = references.map((text) => cveIdOf(text.trim().toUpperCase()));
  return [...new Set(ids.filter((id) => id !== null))];
}

function exploitOf(feed: string, vulnerability: string, modules: readonly Module[]): Exploit {
  const links = modules.map(({ link }) => link).filter((link) => link !== undefined);
  const unique = [...new Set(links)].sort().slice(0, mostLinks);
  const published = modules
    .map(({ changed }) => changed)
    .filter((date) => date !== undefined)
    .sort()[0];
  return {
    kind: "exploit",
    feed,
    vulnerability,
    count: modules.length,
    ...(published !== undefined && { published }),
    ...(unique.length > 0 && { links: unique }),
  };
}
