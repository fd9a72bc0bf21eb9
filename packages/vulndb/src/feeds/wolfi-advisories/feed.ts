import type { Feed } from "../../feed.ts";
import { parseWolfi } from "./parse.ts";

const databases: Readonly<Record<string, string>> = {
  "wolfi:rolling": "https://packages.wolfi.dev/os/security.json",
  "chainguard:rolling": "https://packages.cgr.dev/chainguard/security.json",
};

/** Wolfi's and Chainguard's security databases (Alpine's form), and Wolfi's advisories as YAML, one document a package. */
export const wolfiAdvisories: Feed = {
  id: "wolfi-advisories",
  version: 1,
  title: "Wolfi and Chainguard advisories",
  licence: "Apache-2.0 to May 2025, then Chainguard's terms",
  redistributable: false,
  provides: "advisories",
  recognises: ({ head }) =>
    /"urlprefix"\s*:\s*"https:\/\/packages\.(wolfi\.dev|cgr\.dev)/.test(head) ||
    (/^schema-version: /m.test(head) && /^package:\n {2}name: \S/m.test(head)),
  parse: parseWolfi,
  upstream: async (_http, wanted) =>
    wanted.flatMap((ecosystem) => {
      const url = Object.hasOwn(databases, ecosystem) ? databases[ecosystem] : undefined;
      return url === undefined
        ? []
        : [{ url, file: `${ecosystem.split(":")[0]}-security.json`, ecosystems: [ecosystem] }];
    }),
};
