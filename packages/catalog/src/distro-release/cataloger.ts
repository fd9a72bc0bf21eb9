import type { Entry, Wish } from "@plimsoll/source";
import type { Cataloger, CatalogFile, Facts } from "../cataloger.ts";
import { decodeText } from "../decode-text.ts";
import { parseOsRelease } from "./parse-os-release.ts";
import {
  parseAlpineRelease,
  parseDebianVersion,
  parseLsbRelease,
  parseReleaseLine,
  parseSuseRelease,
} from "./parse-release-file.ts";
import type { ReleaseParser } from "./release-parser.ts";

/** Which distribution this is: os-release(5), and the files distributions had before it. */
export const distroRelease = {
  name: "distro-release-cataloger",
  version: 1,
  tags: ["os", "installed"],
  select: (entry: Entry): Wish => (files.has(entry.path) ? "body" : "ignore"),
  parse(file: CatalogFile): Facts {
    const row = files.get(file.path);
    if (row === undefined) return {};
    const value = row.parse(decodeText(file.bytes));
    if (value !== null) return { distro: { rank: row.rank, value } };
    return file.bytes.length === 0
      ? {}
      : { problems: [{ level: "warning", code: "release-file-not-understood", message }] };
  },
} satisfies Cataloger;

const message = "this file does not say which distribution it belongs to";

/** Higher rank wins; os-release(5): /etc before /usr/lib. Rebuilds also carry Red Hat's file, so their own ranks above it. */
const files: ReadonlyMap<string, { readonly rank: number; readonly parse: ReleaseParser }> = new Map([
  ["etc/os-release", { rank: 100, parse: parseOsRelease }],
  ["usr/lib/os-release", { rank: 90, parse: parseOsRelease }],
  ["etc/lsb-release", { rank: 80, parse: parseLsbRelease }],
  ["etc/alpine-release", { rank: 70, parse: parseAlpineRelease }],
  ["etc/almalinux-release", { rank: 62, parse: parseReleaseLine }],
  ["etc/rocky-release", { rank: 62, parse: parseReleaseLine }],
  ["etc/oracle-release", { rank: 62, parse: parseReleaseLine }],
  ["etc/enterprise-release", { rank: 61, parse: parseReleaseLine }],
  ["etc/centos-release", { rank: 62, parse: parseReleaseLine }],
  ["etc/fedora-release", { rank: 62, parse: parseReleaseLine }],
  ["etc/mariner-release", { rank: 62, parse: parseReleaseLine }],
  ["etc/photon-release", { rank: 62, parse: parseReleaseLine }],
  ["etc/redhat-release", { rank: 60, parse: parseReleaseLine }],
  ["etc/system-release", { rank: 59, parse: parseReleaseLine }],
  ["etc/SuSE-release", { rank: 58, parse: parseSuseRelease }],
  ["etc/debian_version", { rank: 50, parse: parseDebianVersion }],
]);
