import { type Advisory, type Severity, severityOfScore } from "@plimsoll/model";
import type { FeedFile } from "../../feed.ts";
import { dateField, present, proseField } from "../../records/field.ts";
import { type JsonObject, numberOf, objectOf, textOf, textsOf } from "../../records/json-value.ts";
import { rangesOutside } from "../../records/ranges-outside.ts";
import { Fault, type FeedItem, readEach } from "../../records/read-each.ts";
import { yamlDocument } from "../../records/yaml-document.ts";

const feed = "rubysec";

/** One advisory about one gem (ruby-advisory-db README, "Schema"). Affected is what neither list of good versions holds. */
export async function* parseRubysec(file: FeedFile): AsyncGenerator<FeedItem> {
  yield* readEach({ feed, path: file.path }, [await yamlDocument(await file.text())], readDocument);
}

function readDocument(value: unknown): [Advisory] | Fault {
  const document = objectOf(value);
  const name = textOf(document?.gem);
  if (document === null || name === null) return new Fault("an advisory about no gem");
  const ids = idsOf(document);
  const id = ids[0];
  if (id === undefined) return new Fault("an advisory without id", name);
  const patched = textsOf(document.patched_versions);
  const ranges = rangesOutside("gem", [...patched, ...textsOf(document.unaffected_versions)]);
  if (ranges === null) return new Fault("versions that cannot be read", id);
  const affected = { ecosystem: "gem", name, nameKind: "source", scheme: "gem", ranges } as const;
  return [
    {
      kind: "advisory",
      id,
      feed,
      provider: "rubysec",
      vulnerabilities: id.startsWith("CVE-") ? [id] : [],
      aliases: ids.slice(1),
      ...present({
        published: dateField(document.date),
        severity: severityOf(document),
        title: proseField(document.title),
      }),
      affected: ranges.length === 0 ? [] : [{ ...affected, fixState: patched.length > 0 ? "fixed" : "not-fixed" }],
    },
  ];
}

/** Ids without their prefix, the first naming the advisory; a few are placeholders. */
function idsOf(document: JsonObject): string[] {
  const cve = /^\d{4}-\d{4,19}$/.exec(textOf(document.cve) ?? "")?.[0];
  const ghsa = /^\w{4}-\w{4}-\w{4}$/.exec(textOf(document.ghsa) ?? "")?.[0];
  const osvdb = /^\d{1,9}$/.exec(textOf(document.osvdb) ?? "")?.[0];
  return [
    ...(cve === undefined ? [] : [`CVE-${cve}`]),
    ...(ghsa === undefined ? [] : [`GHSA-${ghsa}`]),
    ...(osvdb === undefined ? [] : [`OSVDB-${osvdb}`]),
  ];
}

/** Scores come without vectors: they give a severity, not a CVSS rating. */
function severityOf(document: JsonObject): Severity | undefined {
  const score = numberOf(document.cvss_v4) ?? numberOf(document.cvss_v3);
  if (score !== null) return severityOfScore(score);
  const old = numberOf(document.cvss_v2);
  if (old === null) return undefined;
  return old >= 7 ? "high" : severityOfScore(old);
}
