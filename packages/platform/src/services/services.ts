import type { Log } from "@plimsoll/kit";
import type { Kysely } from "kysely";
import type { Pool } from "pg";
import type { Passwords } from "../identity/passwords.ts";
import type { Random } from "../identity/secrets.ts";
import type { ServerKnowledge } from "../knowledge/server-knowledge.ts";
import type { Tables } from "../store/tables.ts";

/** What services lean on. */
export interface Services {
  readonly pool: Pool;
  readonly db: Kysely<Tables>;
  readonly knowledge: ServerKnowledge;
  /** ms since the epoch. */
  readonly clock: () => number;
  readonly random: Random;
  readonly passwords: Passwords;
  readonly log: Log;
}
