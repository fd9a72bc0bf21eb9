import { messageOf } from "@plimsoll/kit";
import type { Services } from "../services/services.ts";
import { holdConnection } from "../store/held-connection.ts";

/** New revisions are told here (migration 0021). */
const channel = "plimsoll_knowledge";

/** Keeps this process at the knowledge that the store follows, whichever process taught it. */
export function followKnowledge({
  pool,
  knowledge,
  log,
}: Pick<Services, "pool" | "knowledge" | "log">): Promise<AsyncDisposable> {
  const follow = (): void => {
    knowledge.follow().catch((error: unknown) => {
      log.warn("this process could not go over to new knowledge", { why: messageOf(error) });
    });
  };
  return holdConnection(pool, {
    log,
    onConnect: async (client) => {
      await client.query(`listen ${channel}`);
      // What was told while nobody listened.
      follow();
    },
    onNotice: follow,
  });
}
