import type { Feed } from "../../feed.ts";
import { parseSecdb } from "./parse.ts";

/** Alpine's security database (secdb.alpinelinux.org): fixed versions by origin package, branch and repository. */
export const alpineSecdb: Feed = {
  id: "alpine-secdb",
  version: 1,
  title: "Alpine security database",
  licence: "none stated",
  redistributable: true,
  provides: "advisories",
  recognises: ({ head }) => /"distroversion"\s*:\s*"(v\d|edge)/.test(head) && /"reponame"\s*:/.test(head),
  parse: parseSecdb,
  upstream: async (_http, wanted) =>
    wanted.flatMap((ecosystem) => {
      const branch = /^alpine:(\d+\.\d+|edge)$/.exec(ecosystem)?.[1];
      if (branch === undefined) return [];
      const folder = branch === "edge" ? branch : `v${branch}`;
      return ["main", "community"].map((repository) => ({
        url: `https://secdb.alpinelinux.org/${folder}/${repository}.json`,
        file: `alpine-${branch}-${repository}.json`,
        ecosystems: [ecosystem],
        // Branches before 3.3 and edge have no community part at times.
        optional: repository === "community",
      }));
    }),
};
