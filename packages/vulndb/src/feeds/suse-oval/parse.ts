import { type Affected, parseSeverity, type Rating, type Severity } from "@plimsoll/model";
import type { FeedFile } from "../../feed.ts";
import { ratingsIn } from "../../oval/errata-oval.ts";
import { dayIn, parseRpmOval, type RpmStatement, referencesOf, titleIn } from "../../oval/rpm-oval.ts";
import { textIn, type XmlElement } from "../../oval/xml-elements.ts";
import { cveIdOf, present, proseField } from "../../records/field.ts";
import { Fault, type FeedItem } from "../../records/read-each.ts";
import { fixedRows, openRow, type RpmFix } from "../../rpm/fixed-rows.ts";
import { isDebugData, plainEvr } from "../../rpm/nevra.ts";
import { suseEcosystem } from "../../rpm/suse-release.ts";

const feed = "suse-oval";

interface Definition {
  readonly id: string;
  readonly title: string;
  readonly isPatch: boolean;
  readonly cves: readonly string[];
  readonly severity: Severity | undefined;
  readonly issued: string | undefined;
  readonly updated: string | undefined;
  readonly ratings: readonly Rating[];
}

/** Definitions of class `vulnerability` speak of one CVE, those of class `patch` of all that a package update fixes. */
export async function* parseSuseOval(file: FeedFile): AsyncGenerator<FeedItem> {
  yield* parseRpmOval(file, { feed, reader: { keep, read } });
}

function keep(definition: XmlElement): Definition | null {
  const title = titleIn(definition);
  const isPatch = definition.attributes.class === "patch";
  const cves = isPatch ? cvesIn(definition) : [cveIdOf(title)].filter((id) => id !== null);
  if (cves.length === 0) return null;
  return {
    id: idOf(definition, { isPatch, cve: cves[0] ?? "" }),
    title,
    isPatch,
    cves,
    severity: parseSeverity(textIn(definition, "severity")) ?? undefined,
    issued: dayIn(definition, "issued"),
    updated: dayIn(definition, "updated"),
    ratings: ratingsIn(definition, { feed, provider: "suse" }),
  };
}

function cvesIn(definition: XmlElement): string[] {
  return [...new Set(referencesOf(definition, "CVE").flatMap((id) => cveIdOf(id) ?? []))].sort();
}

/** What was fixed before a release came out has no patch id ("… on GA media"): the definition's number tells them apart. */
function idOf(definition: XmlElement, { isPatch, cve }: { isPatch: boolean; cve: string }): string {
  if (!isPatch) return cve;
  const patch = referencesOf(definition, "SUSE-SU").find((id) => /^(open)?SUSE-[SRFO]U-\d{4}:[\d-]{1,20}$/.test(id));
  const number = /:def:(\d{1,20})$/.exec(definition.attributes.id ?? "")?.[1] ?? "";
  return patch ?? `SUSE-OVAL-${number}`;
}

function read(definition: Definition, statements: readonly RpmStatement[]): (FeedItem | Fault)[] {
  const ofPrograms = statements.filter(({ name }) => !isDebugData(name));
  const unread = ofPrograms.filter(({ affected, evr }) => affected === "below" && plainEvr(evr) === null);
  const faults = unread.map(({ name }) => new Fault(`an unreadable version of ${name}`, definition.id));
  const affected = affectedBy(ofPrograms);
  if (affected.length === 0) return faults;
  const { id, cves, issued, updated, severity, title, isPatch, ratings } = definition;
  const dates = { published: issued, modified: updated, fixDate: isPatch ? issued : undefined };
  return [
    {
      kind: "advisory",
      id,
      feed,
      provider: "suse",
      vulnerabilities: cves,
      aliases: [],
      ...present({ ...dates, severity, title: proseField(title) }),
      affected,
    },
    ...ratings,
    ...faults,
  ];
}

/** Where a release has a fix for a package, that it is affected without one is said of another service pack. */
function affectedBy(statements: readonly RpmStatement[]): Affected[] {
  const fixed = fixedRows(statements.filter(({ affected }) => affected === "below").flatMap(fixesOf));
  const done = new Set(fixed.map(keyOf));
  const open = statements
    .filter(({ affected }) => affected === "any")
    .flatMap(({ name, conditions }) => ecosystemsIn(conditions).map((ecosystem) => ({ ecosystem, name })))
    .filter((place) => !done.has(keyOf(place)))
    .map((place) => [keyOf(place), openRow(place, "not-fixed")] as const);
  return [...fixed, ...[...new Map(open)].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row)];
}

function fixesOf({ name, evr, conditions }: RpmStatement): RpmFix[] {
  const fixed = plainEvr(evr);
  return fixed === null ? [] : ecosystemsIn(conditions).map((ecosystem) => ({ ecosystem, name, fixed }));
}

function keyOf({ ecosystem, name }: Pick<Affected, "ecosystem" | "name">): string {
  return `${ecosystem} ${name}`;
}

function ecosystemsIn(conditions: readonly string[]): string[] {
  const products = conditions.map((words) => /^(.{1,120}) is installed$/.exec(words)?.[1] ?? "");
  return [...new Set(products.map(suseEcosystem).filter((ecosystem) => ecosystem !== null))].sort();
}
