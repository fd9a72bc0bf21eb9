import { setTimeout as wait } from "node:timers/promises";
import { type Log, messageOf } from "@plimsoll/kit";
import type { Notification, Pool, PoolClient } from "pg";

export interface HeldConnection {
  readonly log: Log;
  /** Called on every new connection, first; throws: it is tried again. */
  readonly onConnect: (client: PoolClient) => Promise<void>;
  readonly onNotice: (notice: Notification) => void;
}

/** Pause before another try, ms. */
const pause = 500;

/** Keeps one connection of the pool for locks and notices, and another one whenever it breaks. Dispose it before the pool ends. */
export async function holdConnection(pool: Pool, options: HeldConnection): Promise<AsyncDisposable> {
  const closing = new AbortController();
  let held = await connect(pool, options);
  const keeping = (async () => {
    while (!closing.signal.aborted) {
      await held.ended;
      for (let made: Held | null = null; made === null && !closing.signal.aborted; ) {
        made = await connect(pool, options).catch((error: unknown) => {
          options.log.debug("the database does not answer", { why: messageOf(error) });
          return null;
        });
        if (made !== null) held = made;
        else await wait(pause, undefined, { signal: closing.signal }).catch(() => undefined);
      }
    }
    held.close();
  })();
  return {
    [Symbol.asyncDispose]: async () => {
      closing.abort();
      held.close();
      await keeping;
    },
  };
}

interface Held {
  /** Resolves when the connection has broken or is closed. */
  readonly ended: Promise<void>;
  readonly close: () => void;
}

async function connect(pool: Pool, { onConnect, onNotice }: HeldConnection): Promise<Held> {
  const client = await pool.connect();
  const { promise: ended, resolve } = Promise.withResolvers<void>();
  let isOpen = true;
  const close = (): void => {
    if (!isOpen) return;
    isOpen = false;
    client.off("notification", onNotice);
    // Its locks go with it.
    client.release(true);
    resolve();
  };
  client.once("error", close);
  client.once("end", close);
  client.on("notification", onNotice);
  try {
    await onConnect(client);
  } catch (error) {
    close();
    throw error;
  }
  return { ended, close };
}
