import { join } from "node:path";
import { buildVulndb, feeds, type KnowledgeBase, openVulndb, readFeeds } from "@plimsoll/vulndb";

/** Feeds that say nothing about which package has which flaw, nor how bad it is. */
const needless = new Set(["epss", "kev", "metasploit", "poc"]);

/** A database built in `folder` from every feed of another folder that matches or rates. */
export async function buildKnowledge(
  from: string,
  { folder, now }: { folder: string; now: number },
): Promise<KnowledgeBase> {
  const out = join(folder, "vulndb.sqlite");
  const wanted = feeds.filter(({ id }) => !needless.has(id));
  await buildVulndb(readFeeds(from, { feeds: wanted }), { out, now });
  return openVulndb(out);
}
