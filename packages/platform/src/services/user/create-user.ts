import { platformError } from "../../errors.ts";
import type { Actor } from "../../identity/actor.ts";
import { demandWhole } from "../../identity/grants.ts";
import { oneTimePassword } from "../../identity/passwords.ts";
import { recordAudit } from "../../store/audit/record-audit.ts";
import { addUser, type User, userOfId } from "../../store/identity/users.ts";
import { inTransaction } from "../../store/transaction.ts";
import type { Services } from "../services.ts";

/** Somebody who is to be a user. */
export interface NewUser {
  readonly username: string;
  readonly firstName?: string | undefined;
  readonly lastName?: string | undefined;
  readonly isAdmin?: boolean | undefined;
}

/**
 * Makes a user with a password that is told here and never again, and must be changed. Throws FORBIDDEN, CANNOT_GRANT
 * (an administrator, by who is none), NAME_TAKEN, SIGN_IN_BUSY.
 */
export async function createUser(
  { pool, passwords, random, clock }: Services,
  actor: Actor,
  { username, firstName = "", lastName = "", isAdmin = false }: NewUser,
): Promise<{ readonly user: User; readonly password: string }> {
  demandWhole(actor);
  if (isAdmin && !actor.isAdmin) throw platformError("CANNOT_GRANT", { fields: { what: "administrator" } });
  const password = oneTimePassword(random);
  const hash = await passwords.hash(password);
  const now = clock();
  return inTransaction(pool, async (client) => {
    const id = await addUser(client, { username, firstName, lastName, isAdmin, hash, now });
    const user = id === null ? null : await userOfId(client, id);
    if (user === null) throw platformError("NAME_TAKEN", { fields: { what: "user" } });
    const detail = { username, isAdmin };
    await recordAudit(client, actor, { action: "person.create", subject: `person:${user.id}`, detail, at: now });
    return { user, password };
  });
}
