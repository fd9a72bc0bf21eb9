import { platformError } from "../../errors.ts";
import { theServer } from "../../identity/actor.ts";
import { oneTimePassword } from "../../identity/passwords.ts";
import { recordAudit } from "../../store/audit/record-audit.ts";
import { createFirstPerson, credentialsOf, setPassword } from "../../store/identity/people.ts";
import { endSessions } from "../../store/identity/sessions.ts";
import { inTransaction } from "../../store/transaction.ts";
import type { Services } from "../services.ts";

/** A password that is told once and must be changed. */
export interface ToldOnce {
  readonly username: string;
  readonly password: string;
}

/** Makes the administrator `admin` where nobody is yet; `null`: there is somebody already. */
export async function ensureAdministrator({ pool, passwords, random, clock }: Services): Promise<ToldOnce | null> {
  const { rowCount } = await pool.query("select from person limit 1");
  if (rowCount !== 0) return null;
  const told = { username: "admin", password: oneTimePassword(random) };
  const hash = await passwords.hash(told.password);
  return inTransaction(pool, async (client) => {
    const now = clock();
    const person = await createFirstPerson(client, { username: told.username, hash, now });
    if (person === null) return null;
    await recordAudit(client, theServer, {
      action: "person.create",
      subject: `person:${person}`,
      detail: { username: told.username },
      at: now,
    });
    return told;
  });
}

/** Gives a user a password to be told once: for whoever can reach the store itself. Its sessions end, its tokens stay. Throws NOT_FOUND. */
export async function resetPassword(
  { pool, passwords, random, clock }: Pick<Services, "pool" | "passwords" | "random" | "clock">,
  username: string,
): Promise<ToldOnce> {
  const password = oneTimePassword(random);
  const hash = await passwords.hash(password);
  return inTransaction(pool, async (client) => {
    const now = clock();
    const found = await credentialsOf(client, username);
    if (found === null) throw platformError("NOT_FOUND", { fields: { what: "user" } });
    await setPassword(client, { person: found.id, hash, mustChange: true, now });
    await client.query("delete from sign_in_attempt");
    await endSessions(client, found.id);
    await recordAudit(client, theServer, {
      action: "person.password",
      subject: `person:${found.id}`,
      detail: { reset: true },
      at: now,
    });
    return { username: found.username, password };
  });
}
