import { type Cvss, parseSeverity, type Severity } from "@plimsoll/model";
import { readCvss, sortCvss } from "../records/cvss-field.ts";
import { cveIdOf, cweOf, dateField, proseField } from "../records/field.ts";
import { type JsonObject, memberOf, objectOf, objectsOf, textOf, textsOf } from "../records/json-value.ts";

/** One vulnerability of a CSAF document. */
export interface CsafFlaw {
  readonly cve: string;
  readonly title: string | undefined;
  readonly published: string | undefined;
  readonly severity: Severity | undefined;
  readonly cvss: readonly Cvss[];
  readonly cwes: readonly string[];
  /** Product ids of one status: `fixed`, `known_affected`, `recommended`, … (CSAF 2.0 section 3.2.3.9). */
  readonly products: (status: string) => readonly string[];
  /** Product id → its remediations other than workarounds. */
  readonly remediations: ReadonlyMap<string, readonly CsafRemediation[]>;
}

/** What is or will be done about a product. */
export interface CsafRemediation {
  readonly category: string;
  readonly date: string | undefined;
}

/** Vulnerabilities that bear a CVE id. */
export function flawsOf(document: unknown): CsafFlaw[] {
  return objectsOf(memberOf(document, "vulnerabilities")).flatMap(flawOf);
}

/** What a document is called, and its dates. */
export interface CsafTracking {
  readonly id: string;
  readonly published: string | undefined;
  readonly modified: string | undefined;
}

/** `document.tracking` (CSAF 2.0 section 3.2.1.12); "" for a document without id. */
export function trackingOf(document: unknown): CsafTracking {
  const tracking = memberOf(document, "document", "tracking");
  return {
    id: textOf(memberOf(tracking, "id")) ?? "",
    published: dateField(memberOf(tracking, "initial_release_date")),
    modified: dateField(memberOf(tracking, "current_release_date")),
  };
}

function flawOf(value: JsonObject): CsafFlaw[] {
  const cve = cveIdOf(value.cve);
  if (cve === null) return [];
  const cwe = cweOf(memberOf(value.cwe, "id"));
  const impact = objectsOf(value.threats).find(({ category }) => category === "impact");
  return [
    {
      cve,
      title: proseField(value.title),
      published: dateField(value.release_date),
      severity: parseSeverity(textOf(impact?.details)?.slice(0, 40) ?? "") ?? undefined,
      cvss: cvssOf(value),
      cwes: cwe === null ? [] : [cwe],
      products: (status) => textsOf(memberOf(value.product_status, status)),
      remediations: remediationsOf(value),
    },
  ];
}

/** All products of a flaw share its scores nearly always; the first of each version stands. */
function cvssOf(value: JsonObject): Cvss[] {
  const found = objectsOf(value.scores).flatMap(({ cvss_v3, cvss_v2, cvss_v4 }) =>
    [cvss_v3, cvss_v4, cvss_v2].flatMap((score) => readCvss(objectOf(score) ?? {}) ?? []),
  );
  return sortCvss([...new Map(found.toReversed().map((cvss) => [cvss.version, cvss])).values()]);
}

function remediationsOf(value: JsonObject): Map<string, CsafRemediation[]> {
  const byProduct = new Map<string, CsafRemediation[]>();
  for (const entry of objectsOf(value.remediations)) {
    const category = textOf(entry.category) ?? "";
    if (category === "workaround") continue;
    const remediation = { category, date: dateField(entry.date) };
    for (const id of textsOf(entry.product_ids)) {
      const known = byProduct.get(id);
      if (known === undefined) byProduct.set(id, [remediation]);
      else known.push(remediation);
    }
  }
  return byProduct;
}
