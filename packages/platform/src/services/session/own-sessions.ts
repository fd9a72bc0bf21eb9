import { platformError } from "../../errors.ts";
import type { Actor } from "../../identity/actor.ts";
import { recordAudit } from "../../store/audit/record-audit.ts";
import { teamsOf } from "../../store/identity/people.ts";
import { endSession, moveSession, type SessionSeen, sessionsOf } from "../../store/identity/sessions.ts";
import { inTransaction } from "../../store/transaction.ts";
import type { Services } from "../services.ts";
import { signedIn } from "./visitor.ts";

/** Where one is signed in. Throws SESSION_NEEDED; so do the others. */
export async function ownSessions({ pool, clock }: Services, actor: Actor): Promise<readonly SessionSeen[]> {
  return sessionsOf(pool, signedIn(actor).person, clock());
}

/** Ends one of one's own sessions. Throws NOT_FOUND also for other people's. */
export async function endOwnSession({ pool, clock }: Services, actor: Actor, id: number): Promise<void> {
  const { person } = signedIn(actor);
  await inTransaction(pool, async (client) => {
    const isEnded = await endSession(client, person, id);
    if (!isEnded) throw platformError("NOT_FOUND", { fields: { what: "session" } });
    await recordAudit(client, actor, { action: "session.delete", subject: `session:${id}`, at: clock() });
  });
}

/** Ends the session it is called with. */
export async function signOut(services: Services, actor: Actor): Promise<void> {
  await endOwnSession(services, actor, signedIn(actor).session);
}

/** Acts for another of one's teams from now on; `null`: an administrator for the whole installation. Throws NOT_FOUND. */
export async function switchTeam({ pool, clock }: Services, actor: Actor, team: number | null): Promise<void> {
  const { person, session, isAdmin } = signedIn(actor);
  await inTransaction(pool, async (client) => {
    const teams = await teamsOf(client, person);
    const isOwn = team === null ? isAdmin : teams.some(({ id }) => id === team);
    if (!isOwn) throw platformError("NOT_FOUND", { fields: { what: "team" } });
    await moveSession(client, session, team);
    const entry = { action: "session.update", subject: `session:${session}`, detail: { team }, at: clock() };
    await recordAudit(client, actor, entry);
  });
}
