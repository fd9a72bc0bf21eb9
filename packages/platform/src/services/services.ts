import type { Log } from "@plimsoll/kit";
import type { Kysely } from "kysely";
import type { Pool } from "pg";
import type { Passwords } from "../identity/passwords.ts";
import type { Random } from "../identity/secrets.ts";
import type { FeedUpdater } from "../knowledge/feed-updater.ts";
import type { ServerKnowledge } from "../knowledge/server-knowledge.ts";
import type { FetchSettings } from "../registry/fetch-settings.ts";
import type { SecretKeys } from "../secrets/secret-keys.ts";
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
  /** Seals what must be told again, and nobody may read. */
  readonly secrets: SecretKeys;
  /** How images are fetched and read. */
  readonly fetching: FetchSettings;
  /** Fetches what is known upstream; absent: this process does not. */
  readonly updateFeeds?: FeedUpdater | undefined;
  readonly log: Log;
}
