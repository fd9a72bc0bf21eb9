import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { messageOf } from "@plimsoll/kit";
import type { StorePlace } from "@plimsoll/platform";
import type { Config } from "../config.ts";
import { serverError } from "../errors.ts";

/** Where the configuration says that results are kept. */
export function storePlace({ databaseUrl, data }: Pick<Config, "databaseUrl" | "data">): StorePlace {
  return databaseUrl === null ? { folder: join(data, "store") } : { url: databaseUrl };
}

/** The file with the keys that stored credentials are sealed with. */
export function keysFile({ data }: Pick<Config, "data">): string {
  return join(data, "secrets.key");
}

/** Those keys; `null`: there are none, because nothing was ever sealed. Throws DATA_FOLDER. */
export function readKeys(config: Pick<Config, "data">): string | null {
  const path = keysFile(config);
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
