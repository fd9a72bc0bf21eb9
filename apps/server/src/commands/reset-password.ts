import type { Log } from "@plimsoll/kit";
import { passwordKeeper, resetPassword } from "@plimsoll/platform";
import type { Config } from "../config.ts";
import { storeOf } from "../serve.ts";
import type { World } from "../world.ts";

/** `plimsoll server --reset-password USER`: for whoever can reach the store and can no longer sign in. */
export async function tellNewPassword(
  config: Config,
  user: string,
  { clock, random, stdout, stderr, log }: World & { readonly log: Log },
): Promise<void> {
  await using store = await storeOf(config, log);
  const passwords = passwordKeeper(random);
  const { username, password } = await resetPassword({ pool: store.pool, passwords, random, clock }, user);
  stderr.write("plimsoll: sign in with this one-time password and change it; shown this once:\n");
  stdout.write(`username: ${username}\npassword: ${password}\n`);
}
