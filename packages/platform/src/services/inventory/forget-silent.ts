import { dropRunning, knownRunning } from "../../store/inventory/running.ts";
import { dropSource, silentSources } from "../../store/inventory/sources.ts";
import { inTransaction } from "../../store/transaction.ts";
import type { Services } from "../services.ts";

const batch = 1000;

/** Lets go of what sources said that have been silent since `before` (RFC 3339). Returns how many assets went. */
export async function forgetSilent(
  { pool }: Pick<Services, "pool">,
  before: string,
  signal: AbortSignal,
): Promise<{ readonly sources: number; readonly assets: number }> {
  const silent = await silentSources(pool, before);
  let assets = 0;
  let sources = 0;
  for (const source of silent) {
    const ids = [...(await knownRunning(pool, source)).keys()];
    for (let at = 0; at < ids.length; at += batch) {
      signal.throwIfAborted();
      assets += await inTransaction(pool, (client) => dropRunning(client, source, ids.slice(at, at + batch)));
    }
    if (await dropSource(pool, source, before)) sources++;
  }
  return { sources, assets };
}
