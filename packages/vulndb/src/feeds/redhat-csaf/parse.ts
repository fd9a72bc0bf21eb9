import { type Advisory, type Affected, type FixState, type Rating, type Severity, severityRank } from "@plimsoll/model";
import { type CsafFlaw, type CsafTracking, flawsOf, trackingOf } from "../../csaf/csaf-document.ts";
import { type CsafProduct, ProductTree } from "../../csaf/product-tree.ts";
import type { FeedFile } from "../../feed.ts";
import { severityOfCvss } from "../../records/cvss-field.ts";
import { present } from "../../records/field.ts";
import { readJson } from "../../records/json-text.ts";
import { Fault, type FeedItem, readEach } from "../../records/read-each.ts";
import { fixedRows, openRow, type RpmFix } from "../../rpm/fixed-rows.ts";
import { isDebugData } from "../../rpm/nevra.ts";
import { rhelRelease } from "../../rpm/rhel-release.ts";
import { moduleOf, namedComponentOf, type RpmComponent, rpmComponentOf } from "./components.ts";
import { streamLines } from "./stream-lines.ts";

const feed = "redhat-csaf";

/**
 * One document of Red Hat (CSAF 2.0, profiles 4 "advisory" and 5 "VEX"): what it says about packages of RHEL's main
 * stream, by source package where the document names sources. A VEX document is withdrawn by being deleted upstream.
 */
export async function* parseRedhatCsaf(file: FeedFile): AsyncGenerator<FeedItem> {
  yield* readEach({ feed, path: file.path }, [await readJson(file)], factsOf);
}

function factsOf(document: unknown): (FeedItem | Fault)[] | Fault {
  const tracking = trackingOf(document);
  const { id, modified } = tracking;
  if (!/^(CVE-\d{4}-\d{4,19}|RH[SBE]A-\d{4}:\d{1,6})$/.test(id)) return new Fault("no document id of Red Hat", id);
  const tree = new ProductTree(document);
  const flaws = flawsOf(document);
  // Flaws of an erratum nearly always share its packages: then they are one advisory.
  const groups = Map.groupBy(flaws, (flaw) => JSON.stringify(affectedOf(flaw, tree)));
  const advisories = [...groups.values()].flatMap((group) =>
    advisoryOf(group, { tracking, tree, alone: groups.size === 1 }),
  );
  return [...advisories, ...flaws.map((flaw) => ratingOf(flaw, modified))];
}

type Context = { readonly tracking: CsafTracking; readonly tree: ProductTree; readonly alone: boolean };

function advisoryOf(
  group: readonly CsafFlaw[],
  { tracking: { id, published, modified }, tree, alone }: Context,
): Advisory[] {
  const [flaw] = group;
  const affected = flaw === undefined ? [] : affectedOf(flaw, tree);
  if (flaw === undefined || affected.length === 0) return [];
  return [
    {
      kind: "advisory",
      id: alone ? id : `${id}/${flaw.cve}`,
      feed,
      provider: "rhel",
      vulnerabilities: group.map(({ cve }) => cve).sort(),
      aliases: [],
      ...present({
        published: id === flaw.cve ? (flaw.published ?? published) : published,
        modified,
        fixDate: fixDateOf(flaw, tree),
        severity: severest(group),
        title: flaw.title,
      }),
      affected,
    },
  ];
}

function severest(group: readonly CsafFlaw[]): Severity | undefined {
  const words = group.flatMap(({ severity }) => severity ?? []);
  return words.sort((a, b) => severityRank(b) - severityRank(a))[0];
}

function ratingOf(flaw: CsafFlaw, modified: string | undefined): Rating {
  return {
    kind: "rating",
    feed,
    provider: "rhel",
    vulnerability: flaw.cve,
    ...present({
      severity: flaw.severity ?? severityOfCvss(flaw.cvss),
      cvss: flaw.cvss.length === 0 ? undefined : flaw.cvss,
      published: flaw.published,
      modified,
      title: flaw.title,
      cwes: flaw.cwes.length === 0 ? undefined : flaw.cwes,
    }),
  };
}

/** Day of the first erratum for RHEL's main stream. */
function fixDateOf(flaw: CsafFlaw, tree: ProductTree): string | undefined {
  const fixes = said(flaw.products("fixed"), tree).flatMap(({ product }) => flaw.remediations.get(product) ?? []);
  const dates = fixes.flatMap(({ category, date }) => (category === "vendor_fix" ? (date ?? []) : []));
  return dates.sort()[0]?.slice(0, 10);
}

interface Said extends RpmComponent {
  readonly release: string;
  readonly product: string;
}

/** An erratum gives a fixed range, a package without one an open one; where both speak of a package the erratum stands. */
function affectedOf(flaw: CsafFlaw, tree: ProductTree): Affected[] {
  const fixed = fixedRows(streamLines(sources(said(flaw.products("fixed"), tree)).flatMap(fixOf)));
  const done = new Set(fixed.map(keyOf));
  const open = ["known_affected", "under_investigation"].flatMap((status) =>
    sources(said(flaw.products(status), tree)).map((one) => openRowOf(one, { status, flaw })),
  );
  const rows = new Map(open.filter((row) => !done.has(keyOf(row))).map((row) => [keyOf(row), row]));
  return [...fixed, ...[...rows.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row)];
}

function said(products: readonly string[], tree: ProductTree): Said[] {
  return products.flatMap((product) => {
    const place = tree.placeOf(product);
    const release = rhelRelease(place?.platform.cpe ?? "");
    const component = componentOf(place?.component);
    if (release === null || component === null || isDebugData(component.name)) return [];
    const module = component.module ?? moduleOf(place?.part?.purl ?? "");
    return [{ ...component, release, product, ...(module !== undefined && { module }) }];
  });
}

function componentOf({ purl, name }: Partial<CsafProduct> = {}): RpmComponent | null {
  return purl === undefined || purl === "" ? namedComponentOf(name ?? "") : rpmComponentOf(purl);
}

/** Source packages where a release names any of the stream; binaries only where it names none (older documents, kernels). */
function sources(all: readonly Said[]): Said[] {
  const withSources = new Set(all.filter(({ isSource }) => isSource).map(streamOf));
  return all.filter((one) => one.isSource || !withSources.has(streamOf(one)));
}

function streamOf({ release, module }: Said): string {
  return `${release} ${module ?? ""}`;
}

function fixOf({ version, ...one }: Said): RpmFix[] {
  return version === "" ? [] : [{ ...placeOf(one), fixed: version }];
}

function placeOf({ release, name, isSource, module }: Omit<Said, "version">): Omit<RpmFix, "fixed"> {
  const nameKind = isSource ? "source" : "binary";
  return { ecosystem: `rhel:${release}`, name, nameKind, ...(module !== undefined && { module }) };
}

function openRowOf(one: Said, { status, flaw }: { status: string; flaw: CsafFlaw }): Affected {
  const remediations = flaw.remediations.get(one.product) ?? [];
  return openRow(placeOf(one), stateOf(status, remediations));
}

/** `no_fix_planned` is "Will not fix" and "Out of support scope"; `none_available` "Affected" and "Fix deferred". */
function stateOf(status: string, remediations: readonly { readonly category: string }[]): Exclude<FixState, "fixed"> {
  if (status === "under_investigation") return "unknown";
  return remediations.some(({ category }) => category === "no_fix_planned") ? "wont-fix" : "not-fixed";
}

function keyOf({ ecosystem, name, module }: Affected): string {
  return `${ecosystem}\0${name}\0${module ?? ""}`;
}
