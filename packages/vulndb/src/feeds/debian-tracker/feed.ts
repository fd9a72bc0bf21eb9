import type { Feed } from "../../feed.ts";
import { parseTracker } from "./parse.ts";

/** Debian's security tracker (security-tracker.debian.org): fixed and open flaws of every release, by source package. */
export const debianTracker: Feed = {
  id: "debian-tracker",
  version: 1,
  title: "Debian security tracker",
  licence: "MIT (Debian security tracker data)",
  redistributable: true,
  provides: "advisories",
  recognises: ({ head }) =>
    /^\s*\{\s*"[a-z0-9][^"]{0,100}"\s*:\s*\{\s*"(CVE|TEMP)-/.test(head) && /"repositories"\s*:/.test(head),
  parse: parseTracker,
  upstream: async (_http, wanted) => {
    const ecosystems = wanted.filter((key) => key.startsWith("debian:"));
    const url = "https://security-tracker.debian.org/tracker/data/json";
    return ecosystems.length === 0 ? [] : [{ url, file: "debian-tracker.json", ecosystems }];
  },
};
