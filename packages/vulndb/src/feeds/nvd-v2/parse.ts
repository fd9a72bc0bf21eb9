import type { Exploit, FeedRecord, Rating } from "@plimsoll/model";
import type { FeedFile } from "../../feed.ts";
import { severityOfCvss } from "../../records/cvss-field.ts";
import { readDatedJson } from "../../records/dated-json.ts";
import { cveIdOf, cwesField, dateField, present, proseField } from "../../records/field.ts";
import { type JsonObject, memberOf, objectsOf, textOf } from "../../records/json-value.ts";
import { Fault, type FeedItem } from "../../records/read-each.ts";
import { exploitOfSsvc } from "../../records/ssvc-field.ts";
import { cisaAdpSource, cvssByProvider, nvdSource } from "./metrics.ts";

/**
 * Ratings of one NVD JSON 2.0 document, record by record (schema: csrc.nist.gov/schema/nvd/api/2.0/cve_api_json_2.0.schema),
 * and the document's own date.
 */
export async function* parseNvdV2(feed: string, file: FeedFile): AsyncGenerator<FeedItem> {
  const place = { array: "vulnerabilities", date: "timestamp" };
  yield* readDatedJson({ feed, file, ...place }, (record) => factsOf(feed, record));
}

/** NVD's rating, the ratings it carries from the CNA and from CISA, and CISA's word on exploitation. */
function factsOf(feed: string, record: unknown): FeedRecord[] | Fault {
  const cve = memberOf(record, "cve");
  const id = cveIdOf(memberOf(cve, "id"));
  if (id === null) return new Fault("an item without a CVE id", textOf(memberOf(cve, "id")) ?? undefined);
  const head = { kind: "rating", feed, vulnerability: id, modified: dateField(memberOf(cve, "lastModified")) } as const;
  const cvss = cvssByProvider(memberOf(cve, "metrics"), textOf(memberOf(cve, "sourceIdentifier")) ?? "");
  const cwes = cwesBySource(memberOf(cve, "weaknesses"));
  const scored = (provider: "nvd" | "cna" | "cisa-adp") => {
    const ratings = cvss[provider];
    return { provider, ...(ratings.length > 0 && { cvss: ratings, severity: severityOfCvss(ratings) }) };
  };
  const fromNvd = present({
    ...head,
    ...scored("nvd"),
    published: dateField(memberOf(cve, "published")),
    title: proseField(descriptionOf(cve)),
    cwes: cwes.nvd,
    rejected: memberOf(cve, "vulnStatus") === "Rejected" ? true : undefined,
  });
  const others = [
    {
      ...present({ ...head, ...scored("cna"), cwes: cwes.cna }),
      isEmpty: cvss.cna.length === 0 && cwes.cna === undefined,
    },
    { ...present({ ...head, ...scored("cisa-adp") }), isEmpty: cvss["cisa-adp"].length === 0 },
  ];
  const carried: Rating[] = others.filter(({ isEmpty }) => !isEmpty).map(({ isEmpty: _, ...rating }) => rating);
  return [fromNvd, ...carried, ...exploitOf(feed, id, memberOf(cve, "metrics", "ssvcV203"))];
}

function descriptionOf(cve: unknown): unknown {
  const texts = objectsOf(memberOf(cve, "descriptions"));
  return (texts.find(({ lang }) => lang === "en") ?? texts[0])?.value;
}

function cwesBySource(weaknesses: unknown): { nvd?: string[] | undefined; cna?: string[] | undefined } {
  const all = objectsOf(weaknesses);
  const cwesOf = (chosen: readonly JsonObject[]): string[] | undefined =>
    cwesField(chosen.flatMap(({ description }) => objectsOf(description)).map(({ value }) => value));
  const isNvd = ({ source }: JsonObject): boolean => source === nvdSource;
  return {
    nvd: cwesOf(all.filter(isNvd)),
    cna: cwesOf(all.filter((weakness) => !isNvd(weakness) && weakness.source !== cisaAdpSource)),
  };
}

function exploitOf(feed: string, vulnerability: string, ssvc: unknown): Exploit[] {
  const data = objectsOf(ssvc).map(({ ssvcData }) => ssvcData);
  const options = data
    .flatMap((entry) => objectsOf(memberOf(entry, "options")))
    .map((option) => memberOf(option, "exploitation"));
  const exploit = exploitOfSsvc(
    options,
    data.map((entry) => memberOf(entry, "timestamp")),
  );
  return exploit === null ? [] : [{ kind: "exploit", feed, vulnerability, ...exploit }];
}
