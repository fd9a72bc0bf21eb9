import { parseSeverity } from "@plimsoll/model";
import type { Feed } from "../../feed.ts";
import { osvFeed } from "../../osv/osv-feed.ts";
import { type JsonObject, textOf } from "../../records/json-value.ts";
import { lowestBuilds } from "./lowest-builds.ts";

/** AlmaLinux errata (github.com/AlmaLinux/osv-database); severity and module stand in the summary: `Important: nodejs:16 security update`. */
export const almalinuxOsv: Feed = {
  ...osvFeed(
    {
      feed: "almalinux-osv",
      provider: "almalinux",
      ids: /^AL[SBE]A-/,
      errata: true,
      severity: (document) => parseSeverity(/^(\w+): /.exec(summaryOf(document))?.[1] ?? "") ?? undefined,
      tidy: lowestBuilds,
      module: (document) => /^\w+: ([\w.+-]+:[\w.+-]+) /.exec(summaryOf(document))?.[1],
    },
    { title: "AlmaLinux errata (OSV)", licence: "MIT", redistributable: true },
  ),
  upstream: async (_http, wanted) => {
    const ecosystems = wanted.filter((key) => key.startsWith("almalinux:"));
    const url = "https://osv-vulnerabilities.storage.googleapis.com/AlmaLinux/all.zip";
    return ecosystems.length === 0 ? [] : [{ url, file: "almalinux-osv.zip", ecosystems }];
  },
};

function summaryOf(document: JsonObject): string {
  return textOf(document.summary) ?? "";
}
