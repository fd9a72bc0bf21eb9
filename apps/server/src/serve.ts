import { join } from "node:path";
import { type Log, messageOf } from "@plimsoll/kit";
import {
  createToken,
  openStore,
  passwordKeeper,
  type Random,
  recoverCounters,
  type Services,
  serverKnowledge,
} from "@plimsoll/platform";
import { openStarter, openVulndb } from "@plimsoll/vulndb";
import { buildApp } from "./app.ts";
import type { Config } from "./config.ts";
import { serverError } from "./errors.ts";

/** What a server takes from outside. */
export interface Surroundings {
  readonly clock: () => number;
  readonly random: Random;
  readonly log: Log;
  /** What is being done, for people. */
  readonly onStep: (text: string) => void;
}

/** A server that runs until it is disposed. */
export interface Serving extends AsyncDisposable {
  readonly url: string;
  /** An administrator's token, told once: at the first start of an installation. */
  readonly firstToken: string | null;
}

/** Starts database, knowledge and API. Throws what they throw, and CANNOT_LISTEN. */
export async function serve(config: Config, surroundings: Surroundings): Promise<Serving> {
  const { clock, random, log, onStep } = surroundings;
  await using stack = new AsyncDisposableStack();
  onStep("Starting the database");
  const place = config.databaseUrl === null ? { folder: join(config.data, "store") } : { url: config.databaseUrl };
  const { pool, db, isNew } = stack.use(await openStore(place, log));
  await recoverCounters(pool);
  onStep("Opening what is known");
  const open = () => (config.vulndb === null ? openStarter(join(config.data, "starter")) : openVulndb(config.vulndb));
  const knowledge = stack.use(await serverKnowledge(pool, open, clock));
  const services: Services = { pool, db, knowledge, clock, random, passwords: passwordKeeper(random), log };
  const app = await buildApp({
    services,
    onDefect: (error, { id, url }) => log.warn("a request failed", { id, url, why: messageOf(error) }),
  });
  stack.defer(() => app.close());
  const url = await app.listen(config.listen).catch((cause: unknown) => {
    const { host, port } = config.listen;
    throw serverError("CANNOT_LISTEN", { fields: { address: `${host}:${port}`, why: messageOf(cause) }, cause });
  });
  const firstToken = isNew ? await createToken(pool, administrator, { random, now: clock() }) : null;
  const held = stack.move();
  return { url, firstToken: firstToken?.text ?? null, [Symbol.asyncDispose]: () => held.disposeAsync() };
}

const administrator = { name: "first start", team: null, role: "ROLE_ADMIN", expiresAt: null } as const;
