import { messageOf } from "@plimsoll/kit";
import { type Services, schemaState } from "@plimsoll/platform";

/** Why a server should get no requests now. */
export interface NotReady {
  readonly check: "database" | "migrations" | "knowledge" | "draining";
  readonly why: string;
}

export interface Health {
  /** From now on the answer is no. */
  drain(): void;
  /** Empty: all is well. Never throws, and answers within a few seconds whatever hangs. */
  problems(): Promise<readonly NotReady[]>;
}

const patienceMs = 3000;

/** Looks at what a server needs in order to answer. */
export function healthOf({ pool, knowledge }: Pick<Services, "pool" | "knowledge">): Health {
  let isDraining = false;
  return {
    drain: () => {
      isDraining = true;
    },
    problems: async () => [
      ...(isDraining ? [{ check: "draining", why: "the server is being stopped" } as const] : []),
      ...(await storeProblems(pool)),
      ...knowledgeProblems(knowledge),
    ],
  };
}

async function storeProblems(pool: Services["pool"]): Promise<NotReady[]> {
  try {
    const { newest, known } = await within(patienceMs, schemaState(pool));
    if (newest === known) return [];
    const why =
      newest > known ? "a newer program has changed the database" : `${newest} of ${known} migrations are done`;
    return [{ check: "migrations", why }];
  } catch (error) {
    return [{ check: "database", why: messageOf(error) }];
  }
}

function knowledgeProblems(knowledge: Services["knowledge"]): NotReady[] {
  try {
    const { base, seq } = knowledge.current();
    if (seq < 0) return [{ check: "knowledge", why: "the vulnerability database here is older than the one in use" }];
    return base.status.revision === "" ? [{ check: "knowledge", why: "nothing is known" }] : [];
  } catch (error) {
    return [{ check: "knowledge", why: messageOf(error) }];
  }
}

async function within<T>(ms: number, wanted: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error(`no answer within ${ms / 1000} s`)), ms);
  try {
    return await Promise.race([wanted, late.promise]);
  } finally {
    clearTimeout(timer);
    wanted.catch(() => undefined);
  }
}
