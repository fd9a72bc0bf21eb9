import { type FixState, parseSeverity, type Rating, type Severity } from "@plimsoll/model";
import type { FeedFile } from "../../feed.ts";
import { type ErrataOvalProfile, type Erratum, erratumOf, ratingsIn, readErratum } from "../../oval/errata-oval.ts";
import { dayIn, moduleIn, parseRpmOval, type RpmStatement, titleIn } from "../../oval/rpm-oval.ts";
import { descendants, textIn, type XmlElement } from "../../oval/xml-elements.ts";
import { cveIdOf, present } from "../../records/field.ts";
import type { Fault, FeedItem } from "../../records/read-each.ts";
import { openRow } from "../../rpm/fixed-rows.ts";
import { isDebugData } from "../../rpm/nevra.ts";
import { rhelRelease } from "../../rpm/rhel-release.ts";

const feed = "redhat-oval";
const profile: ErrataOvalProfile = {
  feed,
  provider: "rhel",
  ids: /^RH[SBE]A-\d{4}:\d+/,
  ecosystem: ({ platform }) => ecosystemIn([`${platform} is installed`]),
};

/** A flaw without a fix. */
interface OpenFlaw {
  readonly cve: string;
  readonly title: string;
  readonly severity: Severity | undefined;
  readonly modified: string | undefined;
  /** Component (source package, with its module before a slash) → what is to become of it. */
  readonly states: ReadonlyMap<string, Exclude<FixState, "fixed">>;
  readonly ratings: readonly Rating[];
}

/**
 * Definitions of class `patch` are errata, those of class `vulnerability` flaws without a fix; "Unaffected components"
 * say nothing. Documents of layered products and of streams with a support contract of their own are left out.
 */
export async function* parseRedhatOval(file: FeedFile): AsyncGenerator<FeedItem> {
  yield* parseRpmOval<Erratum | OpenFlaw>(file, { feed, reader: { keep, read } });
}

function keep(definition: XmlElement): Erratum | OpenFlaw | null {
  const cpes = [...descendants(definition, "cpe")].map(({ text }) => rhelRelease(text));
  if (cpes.length > 0 && cpes.every((release) => release === null)) return null;
  return definition.attributes.class === "patch" ? erratumOf(definition, profile) : openFlawOf(definition);
}

function openFlawOf(definition: XmlElement): OpenFlaw | null {
  const title = titleIn(definition);
  const cve = cveIdOf(title.split(" ", 1)[0]);
  if (definition.attributes.class !== "vulnerability" || cve === null) return null;
  const resolutions = [...descendants(definition, "resolution")].flatMap(({ attributes, children }) =>
    children.map(({ text }) => [text, stateOf(attributes.state ?? "")] as const),
  );
  return {
    cve,
    title,
    severity: parseSeverity(textIn(definition, "severity")) ?? undefined,
    modified: dayIn(definition, "updated"),
    states: new Map(resolutions),
    ratings: ratingsIn(definition, profile),
  };
}

function stateOf(words: string): Exclude<FixState, "fixed"> {
  if (/^(will not fix|out of support scope)$/i.test(words)) return "wont-fix";
  return /^(affected|fix deferred)$/i.test(words) ? "not-fixed" : "unknown";
}

function read(kept: Erratum | OpenFlaw, statements: readonly RpmStatement[]): Iterable<FeedItem | Fault> | Fault {
  return "states" in kept ? readOpenFlaw(kept, statements) : readErratum(kept, statements, profile);
}

function readOpenFlaw(flaw: OpenFlaw, statements: readonly RpmStatement[]): FeedItem[] {
  const rows = statements.flatMap(({ name, affected, conditions }) => {
    const ecosystem = ecosystemIn(conditions);
    if (affected !== "any" || ecosystem === null || isDebugData(name)) return [];
    const place = { ecosystem, name, ...present({ module: moduleIn(conditions), severity: flaw.severity }) };
    return [openRow(place, componentState(flaw.states, name))];
  });
  if (rows.length === 0) return [];
  return [
    {
      kind: "advisory",
      id: flaw.cve,
      feed,
      provider: "rhel",
      vulnerabilities: [flaw.cve],
      aliases: [],
      ...present({ modified: flaw.modified, severity: flaw.severity, title: flaw.title }),
      affected: rows,
    },
    ...flaw.ratings,
  ];
}

/** Components are source packages, tests ask for binaries: where components differ and none has the name, nobody knows. */
function componentState(states: OpenFlaw["states"], name: string): Exclude<FixState, "fixed"> {
  const own = [...states].find(([component]) => component.slice(component.lastIndexOf("/") + 1) === name)?.[1];
  const all = new Set(states.values());
  return own ?? (all.size === 1 ? ([...all][0] ?? "unknown") : "unknown");
}

function ecosystemIn(conditions: readonly string[]): string | null {
  const releases = conditions.map((words) => /^Red Hat Enterprise Linux (\d{1,2}) is installed$/.exec(words)?.[1]);
  const release = releases.find((found) => found !== undefined);
  return release === undefined ? null : `rhel:${release}`;
}
