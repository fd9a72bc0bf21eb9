import type { HttpClient } from "@plimsoll/kit";
import { ecosystems } from "@plimsoll/model";
import type { Feed, FeedFile, Upstream } from "../feed.ts";
import { readJson } from "../records/json-text.ts";
import { type FeedItem, readEach } from "../records/read-each.ts";
import { advisoryOfOsv } from "./osv-advisory.ts";
import type { OsvProfile } from "./osv-profile.ts";

/** A feed of OSV documents in JSON, one file each; recognised by the id they bear. */
export function osvFeed(profile: OsvProfile, about: Pick<Feed, "title" | "licence" | "redistributable">): Feed {
  return {
    id: profile.feed,
    version: 1,
    ...about,
    provides: "advisories",
    recognises: ({ head }) => bearsId(head, profile.ids),
    parse: (file) => parseOsvFile(file, profile),
  };
}

/** Whether the head of a JSON file is an OSV document whose id fits. */
function bearsId(head: string, ids: RegExp): boolean {
  if (!/^\s*\{/.test(head) || !/"(schema_version|modified|affected)"\s*:/.test(head)) return false;
  const id = /^\s*\{(?:\s*"schema_version"\s*:\s*"[^"]{0,20}"\s*,)?\s*"id"\s*:\s*"([^"]{1,100})"/.exec(head)?.[1];
  return ids.test(id ?? /"id"\s*:\s*"([^"]{1,100})"/.exec(head)?.[1] ?? "");
}

/** The advisory of one OSV file, and what of it could not be read. */
export async function* parseOsvFile(file: FeedFile, profile: OsvProfile): AsyncGenerator<FeedItem> {
  const document = await readJson(file);
  yield* readEach({ feed: profile.feed, path: file.path }, [document], (value) => advisoryOfOsv(value, profile));
}

/** OSV.dev's dump of each wanted ecosystem of ours, out of `ids`. */
export async function osvDumps(
  _http: HttpClient,
  { wanted, ids }: { readonly wanted: readonly string[]; readonly ids: readonly string[] },
): Promise<readonly Upstream[]> {
  return ecosystems.flatMap(({ id, osv }) => {
    if (osv === null || !ids.includes(id) || !wanted.includes(id)) return [];
    const url = `https://osv-vulnerabilities.storage.googleapis.com/${encodeURIComponent(osv)}/all.zip`;
    return [{ url, file: `osv-${id}.zip`, ecosystems: [id] }];
  });
}
