import { type Affected, advisoryName } from "@plimsoll/model";
import { parseConstraint } from "@plimsoll/versions";
import type { FeedFile } from "../../feed.ts";
import { cveIdOf, dateField, present, proseField } from "../../records/field.ts";
import { type JsonObject, objectOf, textOf, textsOf } from "../../records/json-value.ts";
import { Fault, type FeedItem, readEach } from "../../records/read-each.ts";
import { yamlDocument } from "../../records/yaml-document.ts";

const feed = "friendsofphp";

/**
 * One advisory about one package (README of the repository). A branch without `time` has no fixed release. Advisories
 * that name neither a CVE nor a GHSA say nothing here: GitHub took them over under ids of its own, and each flaw would
 * be told twice.
 */
export async function* parseFriendsOfPhp(file: FeedFile): AsyncGenerator<FeedItem> {
  const document = await yamlDocument(await file.text());
  yield* readEach({ feed, path: file.path }, [document], readDocument);
}

function readDocument(value: unknown): (FeedItem | Fault)[] | Fault {
  const document = objectOf(value);
  const written = /^composer:\/\/([\w./-]{1,200})$/.exec(textOf(document?.reference) ?? "")?.[1];
  if (document === null || written === undefined) return new Fault("an advisory about no package");
  const name = advisoryName("composer", written);
  const cve = cveIdOf(textOf(document.cve)?.trim());
  const ghsa = /GHSA(-\w{4}){3}(?!\w)/.exec(textOf(document.link) ?? "")?.[0];
  const flaw = cve ?? ghsa;
  if (flaw === undefined) return [];
  const id = `FriendsOfPHP/${name}/${flaw}`;
  const branches = Object.values(objectOf(document.branches) ?? {}).map(objectOf);
  const affected = branches.map((branch) => rowOf(name, branch)).filter((row) => row !== null);
  const faults = affected.length < branches.length ? [new Fault("versions that cannot be read", id)] : [];
  if (affected.length === 0) return new Fault("no affected versions", id);
  const aliases = cve !== null && ghsa !== undefined ? [ghsa] : [];
  const advisory = { kind: "advisory", id, feed, provider: "friendsofphp", vulnerabilities: [flaw], aliases } as const;
  return [
    { ...advisory, ...present({ fixDate: firstFix(branches), title: proseField(document.title) }), affected },
    ...faults,
  ];
}

function firstFix(branches: readonly (JsonObject | null)[]): string | undefined {
  return branches
    .map((branch) => dayOf(branch?.time))
    .filter((day) => day !== undefined)
    .sort()[0];
}

function rowOf(name: string, branch: JsonObject | null): Affected | null {
  const versions = textsOf(branch?.versions);
  const ranges = versions.length === 0 ? null : parseConstraint("composer", versions.join(", "));
  if (ranges === null || ranges.length === 0) return null;
  const isFixed = dayOf(branch?.time) !== undefined && ranges.some(({ fixed }) => fixed !== undefined);
  const place = { ecosystem: "composer", name, nameKind: "source", scheme: "composer" } as const;
  return { ...place, ranges, fixState: isFixed ? "fixed" : "not-fixed" };
}

/** `2026-05-19 18:22:00`, or `~` for none. */
function dayOf(value: unknown): string | undefined {
  return dateField((textOf(value) ?? "").slice(0, 10));
}
