import type { PoolClient } from "pg";
import { platformError } from "../../errors.ts";
import { nobodyAt } from "../../identity/actor.ts";
import { recordAudit } from "../../store/audit/record-audit.ts";
import { type Credentials, credentialsOf } from "../../store/identity/people.ts";
import { type BegunSession, beginSession, dropEndedSessions, endSessionOf } from "../../store/identity/sessions.ts";
import { forgiveAttempts, type SignInAttempt, takeAttempt } from "../../store/identity/sign-in-attempts.ts";
import { inTransaction } from "../../store/transaction.ts";
import type { Services } from "../services.ts";
import type { Visitor } from "./visitor.ts";

/** What somebody types. */
export interface TypedCredentials {
  readonly username: string;
  readonly password: string;
}

/** `mustChange`: it is good for changing the password alone. */
export type BegunForPerson = BegunSession & { readonly mustChange: boolean };

/**
 * Begins a session, and ends the one that the browser came with: nobody can be made to go on in a session that somebody
 * else began. Throws TOO_MANY_ATTEMPTS before it looks at the password, SIGN_IN_FAILED (the same, after the same time,
 * for a wrong password, an unknown and a disabled user), SIGN_IN_BUSY.
 */
export async function signIn(services: Services, typed: TypedCredentials, visitor: Visitor): Promise<BegunForPerson> {
  const { pool, passwords, clock } = services;
  const attempt: SignInAttempt = { username: typed.username, address: visitor.address, now: clock() };
  const seconds = await takeAttempt(pool, attempt);
  if (seconds > 0) throw platformError("TOO_MANY_ATTEMPTS", { fields: { seconds } });
  const found = await credentialsOf(pool, typed.username);
  const isRight = await passwords.matches(typed.password, found?.isEnabled ? found.password : null);
  if (!isRight || found === null) return refuse(services, found, visitor);
  return inTransaction(pool, async (client) => {
    await demandUnchanged(client, found);
    await forgiveAttempts(client, found.id, attempt);
    return { ...(await begin(client, services, { found, visitor })), mustChange: found.mustChange };
  });
}

async function refuse({ pool, clock }: Services, found: Credentials | null, visitor: Visitor): Promise<never> {
  // Never the name that was typed: it may be a password.
  const subject = found === null ? "person:unknown" : `person:${found.id}`;
  await recordAudit(pool, nobodyAt(visitor.address), { action: "session.refuse", subject, at: clock() });
  throw platformError("SIGN_IN_FAILED");
}

/** While the password was looked at it may have been changed, and every session ended. */
async function demandUnchanged(client: PoolClient, { id, password }: Credentials): Promise<void> {
  const { rowCount } = await client.query(
    "select from person where id = $1 and password = $2 and is_enabled for update",
    [id, password],
  );
  if (rowCount !== 1) throw platformError("SIGN_IN_FAILED");
}

async function begin(
  client: PoolClient,
  { random, clock }: Services,
  { found, visitor }: { readonly found: Credentials; readonly visitor: Visitor },
): Promise<BegunSession> {
  const now = clock();
  const { address, agent } = visitor;
  if (visitor.session !== null) await endSessionOf(client, visitor.session);
  await dropEndedSessions(client, now);
  const session = await beginSession(client, { person: found.id, team: null, address, agent }, { random, now });
  const actor = { id: `person:${found.id}`, name: found.username, address };
  await recordAudit(client, actor, { action: "session.create", subject: `session:${session.id}`, at: now });
  return session;
}
