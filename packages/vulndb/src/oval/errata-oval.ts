import { parseSeverity, type Rating, type Severity } from "@plimsoll/model";
import type { FeedFile } from "../feed.ts";
import { severityOfCvss } from "../records/cvss-field.ts";
import { cvssOfVector } from "../records/cvss-vector.ts";
import { cveIdOf, cweOf, dateField, present, proseField } from "../records/field.ts";
import { Fault, type FeedItem } from "../records/read-each.ts";
import { fixedRows, type RpmFix } from "../rpm/fixed-rows.ts";
import { isDebugData, plainEvr } from "../rpm/nevra.ts";
import { dayIn, moduleIn, parseRpmOval, type RpmStatement, titleIn } from "./rpm-oval.ts";
import { descendants, textIn, type XmlElement } from "./xml-elements.ts";

/** What differs between publishers of errata as OVAL patch definitions. */
export interface ErrataOvalProfile {
  readonly feed: string;
  readonly provider: string;
  /** Matches the erratum's id at the start of the title. */
  readonly ids: RegExp;
  /** A name of its own for an id that means different things in different documents. */
  readonly idOf?: (id: string, platforms: readonly string[]) => string;
  /** Ecosystem key of one platform, with all conditions of the statement; `null`: none of ours. */
  readonly ecosystem: (place: { readonly platform: string; readonly conditions: readonly string[] }) => string | null;
  /** Builds whose versions do not compare with the distribution's own. */
  readonly isOtherLine?: (version: string) => boolean;
}

/** One erratum, without prose. */
export interface Erratum {
  readonly id: string;
  readonly title: string;
  readonly platforms: readonly string[];
  readonly severity: Severity | undefined;
  readonly issued: string | undefined;
  readonly updated: string | undefined;
  readonly cves: readonly string[];
  readonly ratings: readonly Rating[];
}

/** Reads errata: definitions of class `patch` that name CVEs. Others (no flaw, nothing of ours) give nothing. */
export async function* parseErrataOval(file: FeedFile, profile: ErrataOvalProfile): AsyncGenerator<FeedItem> {
  const { feed } = profile;
  const keep = (definition: XmlElement) => erratumOf(definition, profile);
  const read = (erratum: Erratum, statements: readonly RpmStatement[]) => readErratum(erratum, statements, profile);
  yield* parseRpmOval(file, { feed, reader: { keep, read } });
}

/** What is kept of a patch definition; `null` when it names no CVE, or is none. */
export function erratumOf(definition: XmlElement, profile: ErrataOvalProfile): Erratum | null {
  const cves = cvesIn(definition);
  if (definition.attributes.class !== "patch" || cves.length === 0) return null;
  const title = titleIn(definition);
  return {
    id: profile.ids.exec(title)?.[0] ?? "",
    title: proseField(title) ?? "",
    platforms: [...descendants(definition, "platform")].map(({ text }) => text),
    severity: parseSeverity(textIn(definition, "severity")) ?? undefined,
    issued: dayIn(definition, "issued"),
    updated: dayIn(definition, "updated"),
    cves,
    ratings: ratingsIn(definition, profile),
  };
}

/** `CVE:00001:CVE-2019-16168` is Photon's way to write one. */
function cvesIn(definition: XmlElement): string[] {
  const references = [...descendants(definition, "reference")].map(({ attributes }) => attributes.ref_id ?? "");
  const named = [...descendants(definition, "cve")].map(({ text }) => text);
  const ids = [...references, ...named].map((text) => cveIdOf(text.replace(/^CVE:\d{1,9}:/, "").trim()));
  return [...new Set(ids.filter((id) => id !== null))].sort();
}

/** The publisher's word on each CVE: `<cve impact="moderate" cvss3="9.3/CVSS:3.1/…" cwe="…" public="20220512">`. */
export function ratingsIn(
  definition: XmlElement,
  { feed, provider }: Pick<ErrataOvalProfile, "feed" | "provider">,
): Rating[] {
  return [...descendants(definition, "cve")].flatMap(({ text, attributes }) => {
    const vulnerability = cveIdOf(text.trim());
    const cvss = cvssOfVector((attributes.cvss3 ?? "").replace(/^[\d.]{1,4}\//, ""));
    const scores = cvss === null ? undefined : [cvss];
    const severity = parseSeverity(attributes.impact ?? "") ?? severityOfCvss(scores ?? []);
    if (vulnerability === null || severity === undefined) return [];
    const cwe = cweOf(attributes.cwe);
    const published = dateField((attributes.public ?? "").replace(/^(\d{4})(\d\d)(\d\d)$/, "$1-$2-$3"));
    const said = present({ cvss: scores, published, cwes: cwe === null ? undefined : [cwe] });
    return [{ kind: "rating", feed, provider, vulnerability, severity, ...said } as const];
  });
}

/** Facts of a kept erratum: the advisory, the publisher's ratings, and versions that could not be read. */
export function readErratum(
  erratum: Erratum,
  statements: readonly RpmStatement[],
  profile: ErrataOvalProfile,
): (FeedItem | Fault)[] | Fault {
  if (erratum.id === "") return new Fault("a definition without id", erratum.title.slice(0, 60));
  const unread = statements.filter(({ evr }) => plainEvr(evr) === null);
  const faults = unread.map(({ name }) => new Fault(`an unreadable version of ${name}`, erratum.id));
  const fixes = statements.flatMap((statement) => fixesOf(statement, { erratum, profile }));
  if (fixes.length === 0) return faults;
  const { issued, updated, severity, title } = erratum;
  return [
    {
      kind: "advisory",
      id: profile.idOf?.(erratum.id, erratum.platforms) ?? erratum.id,
      feed: profile.feed,
      provider: profile.provider,
      vulnerabilities: erratum.cves,
      aliases: [],
      ...present({ published: issued, modified: updated, fixDate: issued, severity, title }),
      affected: fixedRows(fixes),
    },
    ...erratum.ratings,
    ...faults,
  ];
}

type Context = { readonly erratum: Erratum; readonly profile: ErrataOvalProfile };

/** A fix for each platform of the erratum that is one of ours. */
function fixesOf({ name, evr, conditions }: RpmStatement, { erratum, profile }: Context): RpmFix[] {
  const fixed = plainEvr(evr);
  if (fixed === null || isDebugData(name) || profile.isOtherLine?.(fixed) === true) return [];
  const module = moduleIn(conditions);
  return erratum.platforms.flatMap((platform) => {
    const ecosystem = profile.ecosystem({ platform, conditions });
    return ecosystem === null ? [] : [{ ecosystem, name, fixed, ...(module !== undefined && { module }) }];
  });
}
