import type { Advisory, Affected } from "@plimsoll/model";
import type { FeedFile } from "../../feed.ts";
import { cveIdOf } from "../../records/field.ts";
import { readJson } from "../../records/json-text.ts";
import { type JsonObject, objectsOf, textOf } from "../../records/json-value.ts";
import { Fault, type FeedItem, readEach } from "../../records/read-each.ts";
import { fixedRows, openRow } from "../../rpm/fixed-rows.ts";
import { plainEvr } from "../../rpm/nevra.ts";

const feed = "photon-cve";

/**
 * Rows of CVE, source package and fixed version. The release stands in the fixed versions (`2.14.12-1.ph5`) and in the
 * document's name. Ids of other databases (`BDSA-…`) are left out: nothing tells what they mean.
 */
export async function* parsePhotonCve(file: FeedFile): AsyncGenerator<FeedItem> {
  const document = await readJson(file);
  const release = /photon(\d)\.0/.exec(file.path)?.[1] ?? /\.ph(\d)"/.exec(JSON.stringify(document) ?? "")?.[1];
  const rows = document instanceof Fault ? [document] : objectsOf(document);
  yield* readEach({ feed, path: file.path }, rows, (row) => readRow(row, release));
}

function readRow(row: JsonObject, documentRelease: string | undefined): Advisory[] | Fault {
  const cve = cveIdOf(row.cve_id);
  const name = textOf(row.pkg);
  const status = (textOf(row.status) ?? "").toLowerCase();
  if (cve === null || status === "not affected") return [];
  if (name === null || !/^[A-Za-z0-9][\w.+-]{0,199}$/.test(name)) return new Fault("a row about no package", cve);
  const affected = rowOf(row, { name, documentRelease });
  if (affected === null) return new Fault(`neither a fixed version nor a release for ${name}`, cve);
  const id = { kind: "advisory", id: cve, feed, provider: "photon" } as const;
  return [{ ...id, vulnerabilities: [cve], aliases: [], affected: [affected] }];
}

type Place = { readonly name: string; readonly documentRelease: string | undefined };

function rowOf(row: JsonObject, { name, documentRelease }: Place): Affected | null {
  const fixed = plainEvr(textOf(row.res_ver) ?? "");
  const release = /\.ph(\d)$/.exec(fixed ?? "")?.[1] ?? documentRelease;
  if (release === undefined) return null;
  const place = { ecosystem: `photon:${release}`, name, nameKind: "source" } as const;
  const isFixed = fixed !== null && /^(\d+:)?[\w.+~^]*\d/.test(fixed) && fixed !== "NA";
  return isFixed ? (fixedRows([{ ...place, fixed }])[0] ?? null) : openRow(place, "not-fixed");
}
