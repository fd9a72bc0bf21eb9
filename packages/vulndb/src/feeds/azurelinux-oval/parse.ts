import { type Affected, parseSeverity, type Severity } from "@plimsoll/model";
import type { FeedFile } from "../../feed.ts";
import { parseRpmOval, type RpmStatement, referencesOf, titleIn } from "../../oval/rpm-oval.ts";
import { textIn, type XmlElement } from "../../oval/xml-elements.ts";
import { cveIdOf, dateField, present } from "../../records/field.ts";
import { Fault, type FeedItem } from "../../records/read-each.ts";
import { fixedRows, openRow } from "../../rpm/fixed-rows.ts";
import { plainEvr } from "../../rpm/nevra.ts";

const feed = "azurelinux-oval";

interface Definition {
  readonly id: string;
  readonly title: string;
  readonly cves: readonly string[];
  readonly severity: Severity | undefined;
  readonly fixDate: string | undefined;
}

/** Vulnerability definitions, each about one CVE in one source package; "Not Applicable" ones say that there is none. */
export async function* parseAzurelinuxOval(file: FeedFile): AsyncGenerator<FeedItem> {
  yield* parseRpmOval(file, { feed, reader: { keep, read } });
}

function keep(definition: XmlElement): Definition | null {
  if (textIn(definition, "patchable").toLowerCase() === "not applicable") return null;
  return {
    id: definition.attributes.id ?? "",
    title: titleIn(definition),
    cves: referencesOf(definition, "CVE").filter((id) => cveIdOf(id) !== null),
    severity: parseSeverity(textIn(definition, "severity")) ?? undefined,
    fixDate: dateField(textIn(definition, "advisory_date"))?.slice(0, 10),
  };
}

function read(definition: Definition, statements: readonly RpmStatement[]): FeedItem[] | Fault {
  const cve = definition.cves[0];
  if (cve === undefined) return new Fault("a definition without CVE", definition.id);
  const rows = statements.map(rowOf).filter((row) => row !== null);
  if (rows.length === 0 || rows.length < statements.length) return new Fault("a definition without package", cve);
  return [
    {
      kind: "advisory",
      id: cve,
      feed,
      provider: "azurelinux",
      vulnerabilities: [cve],
      aliases: [],
      ...present({ fixDate: definition.fixDate, severity: definition.severity, title: definition.title }),
      affected: rows.map((row) => ({ ...row, ...present({ severity: definition.severity }) })),
    },
  ];
}

/** Ecosystems by what releases of packages end in. */
const distTags: Readonly<Record<string, string>> = { azl3: "azurelinux:3", cm2: "mariner:2", cm1: "mariner:1" };

/** The documents name no release of the distribution; the fixed versions do. */
function rowOf({ name, affected, evr: written }: RpmStatement): Affected | null {
  const evr = written.replace(/\s+/g, "");
  const tag = /\.(azl\d|cm\d)$/.exec(evr)?.[1] ?? "";
  const ecosystem = Object.hasOwn(distTags, tag) ? distTags[tag] : undefined;
  // "0.9.0.cm2": a version without release.
  const version = plainEvr(evr.includes("-") ? evr : evr.slice(0, -tag.length - 1));
  if (ecosystem === undefined || version === null) return null;
  const place = { ecosystem, name, nameKind: "source" } as const;
  if (affected === "up-to") return openRow(place, "not-fixed", [{ lastAffected: version }]);
  return fixedRows([{ ...place, fixed: version }])[0] ?? null;
}
