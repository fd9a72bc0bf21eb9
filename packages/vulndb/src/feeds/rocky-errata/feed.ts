import type { Feed } from "../../feed.ts";
import { osvFeed } from "../../osv/osv-feed.ts";
import { parseRockyErrata, rockyProfile } from "./parse.ts";

const osv = osvFeed(rockyProfile, { title: "Rocky Linux errata", licence: "none stated", redistributable: false });

/** Rocky Linux security errata: documents of the errata service (apollo.build.resf.org), or OSV. */
export const rockyErrata: Feed = {
  ...osv,
  recognises: (sample) =>
    osv.recognises(sample) ||
    (/^\s*\{\s*"affectedProducts"\s*:/.test(sample.head) && /"Rocky Linux [^"]{1,40}"/.test(sample.head)),
  parse: parseRockyErrata,
  upstream: async (_http, wanted) => {
    const ecosystems = wanted.filter((key) => key.startsWith("rocky:"));
    const url = "https://osv-vulnerabilities.storage.googleapis.com/Rocky%20Linux/all.zip";
    return ecosystems.length === 0 ? [] : [{ url, file: "rocky-osv.zip", ecosystems }];
  },
};
