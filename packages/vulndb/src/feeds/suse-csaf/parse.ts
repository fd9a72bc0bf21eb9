import { type Advisory, type Affected, parseSeverity, type Rating } from "@plimsoll/model";
import { type CsafFlaw, flawsOf, trackingOf } from "../../csaf/csaf-document.ts";
import { ProductTree } from "../../csaf/product-tree.ts";
import type { FeedFile } from "../../feed.ts";
import { severityOfCvss } from "../../records/cvss-field.ts";
import { present, proseField } from "../../records/field.ts";
import { readJson } from "../../records/json-text.ts";
import { memberOf, textOf } from "../../records/json-value.ts";
import { Fault, type FeedItem, readEach } from "../../records/read-each.ts";
import { fixedRows, openRow, type RpmFix } from "../../rpm/fixed-rows.ts";
import { isDebugData, nevraOf } from "../../rpm/nevra.ts";
import { suseEcosystem } from "../../rpm/suse-release.ts";

const feed = "suse-csaf";

/** One document: `recommended` names the fixed builds, `known_affected` packages without a fix. */
export async function* parseSuseCsaf(file: FeedFile): AsyncGenerator<FeedItem> {
  yield* readEach({ feed, path: file.path }, [await readJson(file)], factsOf);
}

function factsOf(document: unknown): FeedItem[] | Fault {
  const { id, published, modified } = trackingOf(document);
  const own = /^(CVE-\d{4}-\d{4,19}|(?:open)?SUSE-[SRFO]U-\d{4}:[\d-]{1,20})$/.exec(id)?.[0];
  if (own === undefined) return new Fault("no document id of SUSE", id.slice(0, 60));
  const tree = new ProductTree(document);
  const flaws = flawsOf(document);
  const word = textOf(memberOf(document, "document", "aggregate_severity", "text")) ?? "";
  const groups = Map.groupBy(flaws, (flaw) => JSON.stringify(affectedOf(flaw, tree)));
  const advisories = [...groups.values()].flatMap((group): Advisory[] => {
    const [flaw] = group;
    const affected = flaw === undefined ? [] : affectedOf(flaw, tree);
    if (flaw === undefined || affected.length === 0) return [];
    const isErratum = !own.startsWith("CVE-");
    return [
      {
        kind: "advisory",
        id: groups.size === 1 ? own : `${own}/${flaw.cve}`,
        feed,
        provider: "suse",
        vulnerabilities: group.map(({ cve }) => cve).sort(),
        aliases: [],
        ...present({
          published,
          modified,
          fixDate: isErratum ? published?.slice(0, 10) : undefined,
          severity: parseSeverity(word.slice(0, 40)) ?? undefined,
          title: proseField(memberOf(document, "document", "title")),
        }),
        affected,
      },
    ];
  });
  return [...advisories, ...flaws.flatMap((flaw) => ratingOf(flaw, modified))];
}

function ratingOf(flaw: CsafFlaw, modified: string | undefined): Rating[] {
  const severity = flaw.severity ?? severityOfCvss(flaw.cvss);
  if (severity === undefined) return [];
  const cvss = flaw.cvss.length === 0 ? undefined : flaw.cvss;
  const said = present({ severity, cvss, published: flaw.published, modified });
  return [{ kind: "rating", feed, provider: "suse", vulnerability: flaw.cve, ...said }];
}

function affectedOf(flaw: CsafFlaw, tree: ProductTree): Affected[] {
  const fixed = fixedRows(flaw.products("recommended").flatMap((product) => fixOf(product, tree)));
  const done = new Set(fixed.map(({ ecosystem, name }) => `${ecosystem} ${name}`));
  const open = flaw.products("known_affected").flatMap((product): Affected[] => {
    const place = tree.placeOf(product);
    const ecosystem = suseEcosystem(place?.platform.name ?? "");
    const name = /^[A-Za-z0-9][\w.+-]{0,199}$/.exec(place?.component.name ?? "")?.[0];
    if (ecosystem === null || name === undefined || isDebugData(name) || done.has(`${ecosystem} ${name}`)) return [];
    return [openRow({ ecosystem, name }, "not-fixed")];
  });
  const rows = new Map(open.map((row) => [`${row.ecosystem} ${row.name}`, row]));
  return [...fixed, ...[...rows.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row)];
}

/** Builds are named `java-1.8.0_sr8.20-30.120.1.x86_64`, in VEX documents without the architecture. */
function fixOf(product: string, tree: ProductTree): RpmFix[] {
  const place = tree.placeOf(product);
  const ecosystem = suseEcosystem(place?.platform.name ?? "");
  const build = place?.component.name ?? "";
  const isNamed = /\.(noarch|x86_64|aarch64|ppc64le|ppc64|ppc|s390x?|i[3-6]86|ia64|armv\dh?l|riscv64|src|nosrc)$/.test(
    build,
  );
  const nevra = nevraOf(isNamed ? build : `${build}.noarch`);
  if (ecosystem === null || nevra === null || /src$/.test(nevra.arch) || isDebugData(nevra.name)) return [];
  return [{ ecosystem, name: nevra.name, fixed: nevra.version }];
}
