import type { Feed } from "../../feed.ts";
import { osvFeed } from "../../osv/osv-feed.ts";

/** The Go vulnerability database (go.dev/doc/security/vuln/database): modules, `stdlib` and `toolchain`. */
export const goVulndb: Feed = {
  ...osvFeed(
    { feed: "go-vulndb", provider: "golang", ids: /^GO-/ },
    { title: "Go Vulnerability Database", licence: "CC-BY-4.0", redistributable: true },
  ),
  upstream: async (_http, wanted) =>
    wanted.includes("golang")
      ? [{ url: "https://vuln.go.dev/vulndb.zip", file: "go-vulndb.zip", ecosystems: ["golang"] }]
      : [],
};
