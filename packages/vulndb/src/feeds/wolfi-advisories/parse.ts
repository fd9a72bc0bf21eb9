import type { Advisory, Affected, FixState } from "@plimsoll/model";
import type { FeedFile } from "../../feed.ts";
import { cveIdOf, dateField, present } from "../../records/field.ts";
import { parseJson } from "../../records/json-text.ts";
import { type JsonObject, memberOf, objectsOf, textOf, textsOf } from "../../records/json-value.ts";
import { Fault, type FeedItem, readEach } from "../../records/read-each.ts";
import { yamlDocument } from "../../records/yaml-document.ts";
import { secdbPackage } from "../../secdb/secdb-package.ts";

const feed = "wolfi-advisories";

/** A security database, or the advisories of one package. */
export async function* parseWolfi(file: FeedFile): AsyncGenerator<FeedItem> {
  const origin = { feed, path: file.path };
  const text = await file.text();
  if (/^\s*\{/.test(text)) yield* readEach(origin, [parseJson(text)], readDatabase);
  else yield* readEach(origin, [await yamlDocument(text)], readPackage);
}

function readDatabase(document: unknown): (Advisory | Fault)[] {
  const provider = textOf(memberOf(document, "urlprefix"))?.includes("cgr.dev") === true ? "chainguard" : "wolfi";
  const profile = { feed, provider, ecosystem: `${provider}:rolling` };
  return objectsOf(memberOf(document, "packages")).flatMap((entry) => secdbPackage(entry.pkg, profile));
}

/** As Wolfi names packages; it becomes part of an id. */
const packageName = /^[\w.+-]{1,200}$/;

function readPackage(document: unknown): (Advisory | Fault)[] | Fault {
  const name = textOf(memberOf(document, "package", "name"));
  if (name === null || !packageName.test(name)) return new Fault("a document about no package");
  return objectsOf(memberOf(document, "advisories")).flatMap((entry) => advisoryOf(name, entry));
}

/** An advisory is a history; its last event says how things stand. */
function advisoryOf(name: string, entry: JsonObject): (Advisory | Fault)[] {
  const id = /^CGA(-\w{4}){3}$/.exec(textOf(entry.id) ?? "")?.[0];
  if (id === undefined) return [new Fault("an advisory without id", name)];
  const aliases = textsOf(entry.aliases).filter((alias) => /^(CVE|GHSA|GO)-[\w-]{4,40}$/.test(alias));
  const events = objectsOf(entry.events).toSorted((a, b) =>
    timeOf(a) < timeOf(b) ? -1 : timeOf(a) > timeOf(b) ? 1 : 0,
  );
  const stand = standOf(events.at(-1));
  if (stand === null || aliases.length === 0) return [];
  const cves = aliases.filter((alias) => cveIdOf(alias) !== null);
  const affected: Affected = { ecosystem: "wolfi:rolling", name, nameKind: "source", scheme: "apk", ...stand };
  return [
    {
      kind: "advisory",
      id: `${id}/${name}`,
      feed,
      provider: "wolfi",
      vulnerabilities: cves.length > 0 ? cves : aliases.slice(0, 1),
      // Wolfi lists beside a CVE what is merely related (each HTTP/2 server's own "rapid reset"): no word on sameness.
      aliases: [],
      ...present({
        published: dateField(timeOf(events[0] ?? {})),
        fixDate: stand.fixState === "fixed" ? dateField(timeOf(events.at(-1) ?? {}))?.slice(0, 10) : undefined,
      }),
      affected: [affected],
    },
  ];
}

function timeOf(event: JsonObject): string {
  return textOf(event.timestamp) ?? "";
}

/** Detections are what a scanner said and nobody looked at; false positives are no flaw: neither says anything. */
function standOf(event: JsonObject | undefined): Pick<Affected, "ranges" | "fixState"> | null {
  const type = textOf(event?.type) ?? "";
  const fixed = textOf(memberOf(event, "data", "fixed-version"));
  if (type === "fixed") return fixed === null ? null : { ranges: [{ fixed }], fixState: "fixed" };
  const state: FixState | undefined = Object.hasOwn(openStates, type) ? openStates[type] : undefined;
  return state === undefined ? null : { ranges: [{}], fixState: state };
}

const openStates: Readonly<Record<string, FixState>> = {
  "pending-upstream-fix": "not-fixed",
  "true-positive-determination": "not-fixed",
  "fix-not-planned": "wont-fix",
};
