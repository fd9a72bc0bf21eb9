import type { Log } from "@plimsoll/kit";
import type { Pool } from "pg";
import type { Random } from "../identity/secrets.ts";
import { openLogin, sealLogin } from "../registry/sealed-login.ts";
import { keysInUse, lockCredentialsOfOtherKeys, resealCredential } from "../store/registry-credential/credentials.ts";
import { inTransaction } from "../store/transaction.ts";
import { type KeyPlace, openSecretKeys } from "./open-secret-keys.ts";
import type { SecretKeys } from "./secret-keys.ts";

/**
 * The keys of the stored secrets. What an older of them has sealed is sealed anew with the newest: to change keys, put
 * the new one behind the old, start every server once, and take the old one away. What was sealed with a key that is not
 * there stays as it is, and the log says so. Throws SECRETS_KEY_UNREADABLE, SECRETS_KEY_MISSING.
 */
export async function startSecrets(
  { pool, random, log }: { readonly pool: Pool; readonly random: Random; readonly log: Log },
  place: KeyPlace,
): Promise<SecretKeys> {
  const keys = openSecretKeys(place, { random, used: await keysInUse(pool) });
  const resealed = await reseal(pool, keys);
  if (resealed > 0) log.info("stored secrets are sealed with the newest key", { secrets: resealed, key: keys.current });
  for (const [key, secrets] of await keysInUse(pool)) {
    if (!keys.has(key)) log.warn("stored secrets are sealed with a key that is not here", { key, secrets });
  }
  return keys;
}

async function reseal(pool: Pool, keys: SecretKeys): Promise<number> {
  return inTransaction(pool, async (client) => {
    const older = await lockCredentialsOfOtherKeys(client, keys.current);
    const known = older.filter(({ sealed }) => keys.has(sealed.keyId));
    for (const row of known) await resealCredential(client, row.id, sealLogin(keys, row, openLogin(keys, row)));
    return known.length;
  });
}
