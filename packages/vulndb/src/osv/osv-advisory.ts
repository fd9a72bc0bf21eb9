import type { Advisory, Cvss, Severity } from "@plimsoll/model";
import { severityOfCvss, sortCvss } from "../records/cvss-field.ts";
import { cvssOfVector } from "../records/cvss-vector.ts";
import { cveIdOf, dateField, isAdvisoryId, present, proseField } from "../records/field.ts";
import { type JsonObject, objectOf, objectsOf, textOf, textsOf } from "../records/json-value.ts";
import { Fault } from "../records/read-each.ts";
import { affectedOfOsv } from "./osv-affected.ts";
import type { OsvProfile } from "./osv-profile.ts";

/**
 * The advisory of one OSV document (ossf.github.io/osv-schema). Nothing for a document about ecosystems that are none of
 * ours, or an erratum without a flaw; a Fault for what cannot be read, beside the advisory where the rest can.
 */
export function advisoryOfOsv(value: unknown, profile: OsvProfile): (Advisory | Fault)[] | Fault {
  const document = objectOf(value);
  const id = textOf(document?.id);
  if (document === null || id === null || !isAdvisoryId(id) || !profile.ids.test(id))
    return new Fault("not a document of this publisher");
  const names = namesOf(id, document, profile);
  if (names === null || profile.isFlaw?.(document) === false) return [];
  const { affected, faults } = affectedOfOsv(document, profile);
  const problems = faults.map((reason) => new Fault(reason, id));
  if (affected.length === 0) return problems;
  const { cvss, unread } = ratingsOf(document);
  const published = dateField(document.published);
  const advisory: Advisory = {
    kind: "advisory",
    id,
    feed: profile.feed,
    provider: profile.provider,
    ...names,
    ...present({
      published,
      modified: dateField(document.modified),
      withdrawn: withdrawnOn(document, profile),
      fixDate: profile.errata === true ? published : undefined,
      severity: severityOf(document, profile, cvss),
      cvss: cvss.length === 0 ? undefined : cvss,
      title: proseField(document.summary),
    }),
    affected,
  };
  return [advisory, ...problems, ...unread.map((vector) => new Fault(`unreadable CVSS vector ${vector}`, id))];
}

function namesOf(
  id: string,
  document: JsonObject,
  { errata = false }: OsvProfile,
): Pick<Advisory, "vulnerabilities" | "aliases"> | null {
  const ids = new Set(
    [...textsOf(document.aliases), ...(errata ? textsOf(document.related) : [])].filter(isAdvisoryId),
  );
  const cves = [...ids].filter((name) => cveIdOf(name) !== null).sort();
  if (errata) return cves.length === 0 ? null : { vulnerabilities: cves, aliases: [] };
  if (cves.length > 1) return { vulnerabilities: cves, aliases: [] };
  const others = [...ids].filter((name) => !cves.includes(name) && name !== id);
  return { vulnerabilities: cves, aliases: (cves.length === 0 ? others : [id, ...others]).sort() };
}

/** Where only the text says it, the day of the last change, which said it. */
function withdrawnOn(document: JsonObject, { isWithdrawn }: OsvProfile): string | undefined {
  const stated = dateField(document.withdrawn);
  if (stated !== undefined || isWithdrawn?.(document) !== true) return stated;
  return dateField(document.modified) ?? dateField(document.published);
}

function ratingsOf(document: JsonObject): { cvss: Cvss[]; unread: string[] } {
  const vectors = objectsOf(document.severity).flatMap(({ score }) => textOf(score) ?? []);
  const read = vectors.map((vector) => ({ vector, cvss: cvssOfVector(vector) }));
  return {
    cvss: sortCvss(read.flatMap(({ cvss }) => cvss ?? [])),
    unread: read.filter(({ cvss }) => cvss === null).map(({ vector }) => vector),
  };
}

function severityOf(document: JsonObject, profile: OsvProfile, cvss: readonly Cvss[]): Severity | undefined {
  return profile.severity?.(document) ?? severityOfCvss(cvss);
}
