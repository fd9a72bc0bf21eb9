import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { messageOf } from "@plimsoll/kit";
import type { StorePlace } from "@plimsoll/platform";
import type { Config } from "../config.ts";
import { serverError } from "../errors.ts";
import { keyPlace } from "../fetching.ts";
import { settings } from "../settings/settings-table.ts";

/** Where the configuration says that results are kept. */
export function storePlace({ databaseUrl, data }: Pick<Config, "databaseUrl" | "data">): StorePlace {
  return databaseUrl === null ? { folder: join(data, "store") } : { url: databaseUrl };
}

type KeySettings = Parameters<typeof keyPlace>[0];

/** Where the keys are that stored credentials are sealed with, for people. */
export function keysAt(config: KeySettings): string {
  const place = keyPlace(config);
  if ("text" in place) return settings.secretsKey.variable;
  return "file" in place ? place.file : place.ownFile;
}

/** Those keys; `null`: there are none, because nothing was ever sealed. Throws DATA_FOLDER. */
export function readKeys(config: KeySettings): string | null {
  const place = keyPlace(config);
  if ("text" in place) return place.text;
  const path = keysAt(config);
  try {
    return existsSync(path) ? readFileSync(path, "utf8") : null;
  } catch (cause) {
    throw serverError("DATA_FOLDER", { fields: { folder: config.data, why: messageOf(cause) }, cause });
  }
}

/** Tells one set of keys from another without telling the keys; they are random. */
export function printOf(keys: string | null): string | null {
  return keys === null ? null : createHash("sha256").update(keys).digest("hex").slice(0, 16);
}
