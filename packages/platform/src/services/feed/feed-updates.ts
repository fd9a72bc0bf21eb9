import { type Actor, demand } from "../../identity/actor.ts";
import { enqueue } from "../../jobs/enqueue.ts";
import { feedUpdate } from "../../jobs/feed-update.ts";
import { recordAudit } from "../../store/audit/record-audit.ts";
import { type FeedHealth, readFeedHealth } from "../../store/jobs/feed-health.ts";
import { inTransaction } from "../../store/transaction.ts";
import type { Services } from "../services.ts";

/** How each feed fared when it was last fetched. Throws FORBIDDEN. */
export async function listFeedHealth({ pool }: Services, actor: Actor): Promise<readonly FeedHealth[]> {
  demand(actor, "feeds.read");
  return readFeedHealth(pool);
}

/** Has knowledge fetched now; returns the job's id. Throws FORBIDDEN. */
export async function askFeedUpdate({ pool, clock }: Services, actor: Actor): Promise<string> {
  demand(actor, "feeds.edit");
  return inTransaction(pool, async (client) => {
    const id = await enqueue(client, feedUpdate, {
      payload: {},
      priority: "manual",
      key: "schedule",
      askedBy: actor.id,
    });
    await recordAudit(client, actor, { action: "feeds.update", subject: `job:${id}`, at: clock() });
    return id;
  });
}
