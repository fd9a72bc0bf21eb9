import { type Advisory, parseSeverity } from "@plimsoll/model";
import type { FeedFile } from "../../feed.ts";
import { xmlElements } from "../../oval/xml-elements.ts";
import { cveIdOf, dateField, present, proseField } from "../../records/field.ts";
import { readJson } from "../../records/json-text.ts";
import { Fault, type FeedItem, readEach } from "../../records/read-each.ts";
import { fixedRows, type RpmFix } from "../../rpm/fixed-rows.ts";
import { isDebugData, plainEvr } from "../../rpm/nevra.ts";
import { lineOf } from "./topic.ts";
import { type Update, updateOfJson, updateOfXml } from "./update.ts";

const feed = "amazon-alas";

/** Advisories: many in an `updateinfo.xml`, one in a JSON document. */
export async function* parseAlas(file: FeedFile): AsyncGenerator<FeedItem> {
  const origin = { feed, path: file.path };
  if (file.path.endsWith(".json")) yield* readEach(origin, [updateOfJson(await readJson(file))], readUpdate);
  else {
    const updates = xmlElements(file.stream(), { wanted: new Set(["update"]) });
    yield* readEach(origin, updates, (element) => readUpdate(updateOfXml(element)));
  }
}

function readUpdate(update: Update): (Advisory | Fault)[] | Fault {
  if (!/^ALAS[\w.-]{1,60}$/.test(update.id)) return new Fault("an advisory without id", update.id.slice(0, 60));
  const cves = [...new Set(update.references.filter((id) => cveIdOf(id) !== null))].sort();
  const ecosystem = ecosystemOf(update);
  if (ecosystem === null) return new Fault("an advisory of no known release", update.id);
  const { fixes, faults } = fixesOf(update, ecosystem);
  if (cves.length === 0 || fixes.length === 0) return faults;
  const issued = dayOf(update.issued);
  return [
    {
      kind: "advisory",
      id: update.id,
      feed,
      provider: "amazon",
      vulnerabilities: cves,
      aliases: [],
      ...present({
        published: issued,
        modified: dayOf(update.updated),
        fixDate: issued,
        severity: parseSeverity(update.severity) ?? undefined,
        title: proseField(update.title),
      }),
      affected: fixedRows(fixes),
    },
    ...faults,
  ];
}

/** `2018-04-26 17:17:00`, at times without seconds. */
function dayOf(text: string): string | undefined {
  return dateField(text.slice(0, 10));
}

/** `amazon-linux-ami`, `amazon-linux-2---kernel-5.10`, `amazon-linux` (2022 before its name was settled). */
function ecosystemOf({ id, collection }: Update): string | null {
  const release =
    /^amazon-linux-(ami|2|2022|2023)(?:---|$)/.exec(collection)?.[1] ?? /^ALAS(2022|2023|2)/.exec(id)?.[1];
  if (release === undefined) return /^ALAS-\d/.test(id) ? "amzn:1" : null;
  return release === "ami" ? "amzn:1" : `amzn:${release}`;
}

function fixesOf(update: Update, ecosystem: string): { fixes: RpmFix[]; faults: Fault[] } {
  const fixes: RpmFix[] = [];
  const faults: Fault[] = [];
  for (const { name, epoch, version, release, arch } of update.packages) {
    const fixed = plainEvr(`${epoch === "" ? "0" : epoch}:${version}-${release}`);
    if (fixed === null || !/^[A-Za-z0-9][\w.+-]{0,199}$/.test(name)) faults.push(new Fault("not a package", update.id));
    else if (arch !== "src" && !isDebugData(name)) {
      const introduced = lineOf(update.collection, fixed);
      fixes.push({ ecosystem, name, fixed, ...(introduced !== undefined && { introduced }) });
    }
  }
  return { fixes, faults };
}
