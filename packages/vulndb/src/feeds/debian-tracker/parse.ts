import { type Advisory, type Affected, distroEcosystem, type FixState, parseSeverity } from "@plimsoll/model";
import type { FeedFile } from "../../feed.ts";
import { present, proseField } from "../../records/field.ts";
import { type NamedRecord, namedRecords } from "../../records/json-records.ts";
import { type JsonObject, objectOf, textOf } from "../../records/json-value.ts";
import { Fault, type FeedItem, readEach } from "../../records/read-each.ts";

const feed = "debian-tracker";

/**
 * The tracker's JSON: source package → CVE → releases → status. `resolved` with version 0 means not affected; `open` has
 * no fix yet, and none is to come where `nodsa_reason` is "ignored" or the release is at its end; `undetermined` flaws
 * are left out: Debian does not know whether they are there (security-tracker.debian.org, "Automation").
 */
export async function* parseTracker(file: FeedFile): AsyncGenerator<FeedItem> {
  yield* readEach({ feed, path: file.path }, namedRecords(file.stream()), readPackage);
}

function* readPackage({ name, value }: NamedRecord): Generator<Advisory | Fault> {
  for (const [id, entry] of Object.entries(objectOf(value) ?? {})) {
    if (!/^(CVE-\d{4}-\d{4,19}|TEMP-[\w-]{1,60})$/.test(id)) yield new Fault("not the id of a flaw", id);
    else yield* readFlaw(id, name, objectOf(entry) ?? {});
  }
}

function* readFlaw(id: string, name: string, entry: JsonObject): Generator<Advisory> {
  const affected = Object.entries(objectOf(entry.releases) ?? {}).flatMap(([codename, release]) =>
    rowOf(name, codename, objectOf(release) ?? {}),
  );
  if (affected.length === 0) return;
  yield {
    kind: "advisory",
    id,
    feed,
    provider: "debian",
    vulnerabilities: id.startsWith("CVE-") ? [id] : [],
    aliases: [],
    ...present({ title: proseField(entry.description) }),
    affected,
  };
}

function rowOf(name: string, codename: string, release: JsonObject): Affected[] {
  const ecosystem = distroEcosystem({ id: "debian", idLike: [], versionId: "", codename });
  // The model takes an unknown code name for sid.
  if (ecosystem === null || (ecosystem === "debian:sid" && codename !== "sid")) return [];
  const severity = parseSeverity((textOf(release.urgency) ?? "").slice(0, 100).replace(/(?<!\*)\*+$/, ""));
  const state = stateOf(release);
  if (state === null) return [];
  return [{ ecosystem, name, nameKind: "source", scheme: "deb", ...state, ...(severity === null ? {} : { severity }) }];
}

function stateOf(release: JsonObject): Pick<Affected, "ranges" | "fixState"> | null {
  const fixed = textOf(release.fixed_version);
  if (release.status === "resolved" && fixed !== null) return { ranges: [{ fixed }], fixState: "fixed" };
  return release.status === "open" ? { ranges: [{}], fixState: openState(release) } : null;
}

function openState(release: JsonObject): FixState {
  return release.nodsa_reason === "ignored" || release.urgency === "end-of-life" ? "wont-fix" : "not-fixed";
}
