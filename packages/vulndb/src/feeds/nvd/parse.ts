import type { Cvss, Rating } from "@plimsoll/model";
import type { FeedFile } from "../../feed.ts";
import { readCvss, severityOfCvss, sortCvss } from "../../records/cvss-field.ts";
import { readDatedJson } from "../../records/dated-json.ts";
import { cveIdOf, cwesField, dateField, present, proseField } from "../../records/field.ts";
import { memberOf, objectOf, objectsOf, textOf } from "../../records/json-value.ts";
import { Fault, type FeedItem } from "../../records/read-each.ts";

/**
 * Ratings of one NVD JSON 1.1 file, record by record (schema: nvd.nist.gov/feeds/json/cve/1.1/nvd_cve_feed_json_1.1.schema),
 * and the file's own date.
 */
export async function* parseNvd(feed: string, file: FeedFile): AsyncGenerator<FeedItem> {
  const place = { array: "CVE_Items", date: "CVE_data_timestamp" };
  yield* readDatedJson({ feed, file, ...place }, (record) => ratingsOf(feed, record));
}

/**
 * What one item says. The format does not name who scored. NVD's analysts always add configurations with their score;
 * a score on an item without them was taken over from the CVE record, so it is the CNA's and NVD gives only the dates.
 */
function ratingsOf(feed: string, item: unknown): Rating[] | Fault {
  const id = cveIdOf(memberOf(item, "cve", "CVE_data_meta", "ID"));
  if (id === null)
    return new Fault("an item without a CVE id", textOf(memberOf(item, "cve", "CVE_data_meta", "ID")) ?? undefined);
  const description = descriptionOf(item);
  const cvss = cvssOf(memberOf(item, "impact"));
  const dates = {
    published: dateField(memberOf(item, "publishedDate")),
    modified: dateField(memberOf(item, "lastModifiedDate")),
  };
  const head = { kind: "rating", feed, vulnerability: id } as const;
  const isAnalysed = objectsOf(memberOf(item, "configurations", "nodes")).length > 0;
  const scored = cvss.length > 0 && { severity: severityOfCvss(cvss), cvss };
  const fromNvd = present({
    ...head,
    provider: "nvd",
    ...dates,
    title: proseField(description),
    cwes: cwesOf(item),
    rejected: isRejection(description) ? true : undefined,
    ...(isAnalysed && scored),
  });
  if (isAnalysed || scored === false) return [fromNvd];
  return [fromNvd, present({ ...head, provider: "cna", modified: dates.modified, ...scored })];
}

function descriptionOf(item: unknown): string {
  const texts = objectsOf(memberOf(item, "cve", "description", "description_data"));
  return textOf((texts.find(({ lang }) => lang === "en") ?? texts[0])?.value) ?? "";
}

/** The format has no state; the text of a rejected item starts so (both spellings occur). */
function isRejection(description: string): boolean {
  return /^(Rejected reason:|\*\* REJECT(ED)? \*\*)/.test(description);
}

function cvssOf(impact: unknown): Cvss[] {
  const ratings = [
    ["baseMetricV3", "cvssV3"],
    ["baseMetricV2", "cvssV2"],
  ].map(([metric = "", name = ""]) => {
    const data = objectOf(memberOf(impact, metric, name));
    const exploitability = memberOf(impact, metric, "exploitabilityScore");
    return data === null ? null : readCvss(data, { exploitability, impact: memberOf(impact, metric, "impactScore") });
  });
  return sortCvss(ratings.filter((rating) => rating !== null));
}

function cwesOf(item: unknown): string[] | undefined {
  const weaknesses = objectsOf(memberOf(item, "cve", "problemtype", "problemtype_data"));
  return cwesField(weaknesses.flatMap(({ description }) => objectsOf(description)).map(({ value }) => value));
}
