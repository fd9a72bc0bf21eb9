import type { Feed, FeedFile } from "../../feed.ts";
import { osvFeed } from "../../osv/osv-feed.ts";
import type { FeedItem } from "../../records/read-each.ts";

const documents = osvFeed(
  { feed: "go-vulndb", provider: "golang", ids: /^GO-/ },
  { title: "Go Vulnerability Database", licence: "CC-BY-4.0", redistributable: true },
);

/** The Go vulnerability database (go.dev/doc/security/vuln/database): modules, `stdlib` and `toolchain`. */
export const goVulndb: Feed = {
  ...documents,
  parse: parseGo,
  upstream: async (_http, wanted) =>
    wanted.includes("golang")
      ? [{ url: "https://vuln.go.dev/vulndb.zip", file: "go-vulndb.zip", ecosystems: ["golang"] }]
      : [],
};

/** The repository's documents mostly bear no date (they get it when served); the year in an id is one at least. */
async function* parseGo(file: FeedFile): AsyncGenerator<FeedItem> {
  for await (const item of documents.parse(file)) {
    yield item;
    const year = "kind" in item && item.kind === "advisory" ? /^GO-(20\d\d)-/.exec(item.id)?.[1] : undefined;
    if (year !== undefined) yield { kind: "dated", date: `${year}-01-01` };
  }
}
