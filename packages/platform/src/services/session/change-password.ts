import { platformError } from "../../errors.ts";
import { type Actor, noTeam } from "../../identity/actor.ts";
import { checkNewPassword } from "../../identity/passwords.ts";
import { recordAudit } from "../../store/audit/record-audit.ts";
import { credentialsOf, setPassword } from "../../store/identity/people.ts";
import { type BegunSession, beginSession, endSessions } from "../../store/identity/sessions.ts";
import { forgiveAttempts, takeAttempt } from "../../store/identity/sign-in-attempts.ts";
import { inTransaction } from "../../store/transaction.ts";
import type { Services } from "../services.ts";
import { signedIn, type Visitor } from "./visitor.ts";

/** Both passwords as they were typed. */
export interface PasswordChange {
  readonly old: string;
  readonly new: string;
}

/**
 * Changes one's own password. All of one's sessions end, and a new one begins here: its secret is in the answer. Throws
 * SESSION_NEEDED, TOO_MANY_ATTEMPTS, WRONG_PASSWORD, BAD_PASSWORD, SIGN_IN_BUSY.
 */
export async function changePassword(
  services: Services,
  actor: Actor,
  { change, visitor }: { readonly change: PasswordChange; readonly visitor: Visitor },
): Promise<BegunSession> {
  const { pool, passwords, clock, random } = services;
  const { person, name: username, team } = signedIn(actor);
  const now = clock();
  const { address, agent } = visitor;
  const attempt = { username, address, now };
  const seconds = await takeAttempt(pool, attempt);
  if (seconds > 0) throw platformError("TOO_MANY_ATTEMPTS", { fields: { seconds } });
  const kept = (await credentialsOf(pool, username))?.password ?? null;
  if (!(await passwords.matches(change.old, kept))) throw platformError("WRONG_PASSWORD");
  checkNewPassword(change.new, username);
  if (change.new === change.old) throw platformError("BAD_PASSWORD", { fields: { why: "it is the old one" } });
  const hash = await passwords.hash(change.new);
  return inTransaction(pool, async (client) => {
    await setPassword(client, { person, hash, mustChange: false, now });
    await forgiveAttempts(client, person, attempt);
    await endSessions(client, person);
    await recordAudit(client, actor, { action: "person.password", subject: `person:${person}`, at: now });
    return beginSession(client, { person, team: team === noTeam ? null : team, address, agent }, { random, now });
  });
}
