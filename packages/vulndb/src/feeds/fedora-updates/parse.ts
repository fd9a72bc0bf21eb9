import { type Advisory, parseSeverity } from "@plimsoll/model";
import type { FeedFile } from "../../feed.ts";
import { dateField, present, proseField } from "../../records/field.ts";
import { readJson } from "../../records/json-text.ts";
import { type JsonObject, memberOf, numberOf, objectsOf, textOf } from "../../records/json-value.ts";
import { Fault, type FeedItem, readEach } from "../../records/read-each.ts";
import { fixedRows, type RpmFix } from "../../rpm/fixed-rows.ts";
import { nevraOf, plainEvr } from "../../rpm/nevra.ts";

const feed = "fedora-updates";

/** A page of updates, or a bare list of them. Only stable security updates of rpm packages that name a CVE say something. */
export async function* parseFedoraUpdates(file: FeedFile): AsyncGenerator<FeedItem> {
  const document = await readJson(file);
  const listed = Array.isArray(document) ? document : memberOf(document, "updates");
  const updates = document instanceof Fault ? [document] : objectsOf(listed);
  yield* readEach({ feed, path: file.path }, updates, readUpdate);
}

function readUpdate(update: JsonObject): Advisory[] | Fault {
  const id = /^FEDORA-\d{4}-[0-9a-f]{6,16}$/.exec(textOf(update.alias) ?? "")?.[0];
  const release = /^F(\d{1,3})$/.exec(textOf(memberOf(update.release, "name")) ?? "")?.[1];
  if (update.type !== "security" || update.status !== "stable" || id === undefined || release === undefined) return [];
  const cves = cvesIn(update);
  const builds = objectsOf(update.builds).filter(({ type }) => type === "rpm");
  const fixes = builds.map((build) => fixOf(build, release));
  if (fixes.some((fix) => fix === null)) return new Fault("an unreadable build", id);
  if (cves.length === 0 || fixes.length === 0) return [];
  const stable = dayOf(update.date_stable) ?? dayOf(update.date_pushed);
  return [
    {
      kind: "advisory",
      id,
      feed,
      provider: "fedora",
      vulnerabilities: cves,
      aliases: [],
      ...present({
        published: stable,
        fixDate: stable,
        severity:
          parseSeverity((textOf(update.severity) ?? "").slice(0, 40).replace("urgent", "critical")) ?? undefined,
        title: proseField(update.title),
      }),
      affected: fixedRows(fixes.filter((fix) => fix !== null)),
    },
  ];
}

/** Security bugs bear the CVEs in their titles: `CVE-2023-2603 libcap: … [fedora-38]`. */
function cvesIn(update: JsonObject): string[] {
  const titles = objectsOf(update.bugs).flatMap(({ security, title }) =>
    security === true ? (textOf(title) ?? []) : [],
  );
  const ids = titles.flatMap((title) => title.slice(0, 4_000).match(/CVE-\d{4}-\d{4,19}(?!\d)/g) ?? []);
  return [...new Set(ids)].sort();
}

function fixOf(build: JsonObject, release: string): RpmFix | null {
  const nevra = nevraOf(`${textOf(build.nvr) ?? ""}.src`);
  const epoch = numberOf(build.epoch) ?? 0;
  const fixed = nevra === null ? null : plainEvr(`${epoch}:${nevra.version}`);
  if (nevra === null || fixed === null) return null;
  return { ecosystem: `fedora:${release}`, name: nevra.name, nameKind: "source", fixed };
}

/** `2023-11-23 12:33:36` */
function dayOf(value: unknown): string | undefined {
  return dateField((textOf(value) ?? "").slice(0, 10));
}
