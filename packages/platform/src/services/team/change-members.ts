import { platformError } from "../../errors.ts";
import { type Actor, demand } from "../../identity/actor.ts";
import { demandNotAbove, demandTeam, grantedRole } from "../../identity/grants.ts";
import { recordAudit } from "../../store/audit/record-audit.ts";
import { type Member, memberOf, removeMember, saveMember } from "../../store/identity/members.ts";
import { teamOfId } from "../../store/identity/teams.ts";
import { inTransaction, type Queryable } from "../../store/transaction.ts";
import type { Services } from "../services.ts";

interface Whom {
  readonly team: number;
  readonly person: number;
}

/**
 * Lets somebody into a team, or gives another role there. Nobody gives more than they have, nor takes it from who has
 * more. Throws FORBIDDEN, NOT_FOUND (team, user), BAD_VALUE (the role), CANNOT_GRANT.
 */
export async function saveTeamMember(
  { pool, clock }: Services,
  actor: Actor,
  { team, person, role }: Whom & { readonly role?: string | undefined },
): Promise<{ readonly member: Member; readonly isNew: boolean }> {
  demand(actor, "team.edit");
  demandTeam(actor, team);
  return inTransaction(pool, async (client) => {
    const found = await teamOfId(client, team);
    if (found === null) throw missing("team");
    await demandNotAboveMember(client, actor, { team, person });
    const granted = await grantedRole(client, actor, role ?? found.defaultRole);
    const isNew = await saveMember(client, { team, person, role: granted });
    const member = await memberOf(client, team, person);
    if (isNew === null || member === null) throw missing("user");
    const detail = { person, role: granted };
    await recordAudit(client, actor, { action: "team.member", subject: `team:${team}`, detail, at: clock() });
    return { member, isNew };
  });
}

/** Takes somebody out of a team. Throws FORBIDDEN, NOT_FOUND, CANNOT_GRANT. */
export async function dropTeamMember({ pool, clock }: Services, actor: Actor, { team, person }: Whom): Promise<void> {
  demand(actor, "team.edit");
  demandTeam(actor, team);
  await inTransaction(pool, async (client) => {
    await demandNotAboveMember(client, actor, { team, person });
    if (!(await removeMember(client, team, person))) throw missing("member");
    const detail = { person, role: null };
    await recordAudit(client, actor, { action: "team.member", subject: `team:${team}`, detail, at: clock() });
  });
}

/** Who can do more in the team than the actor is not the actor's to change. */
async function demandNotAboveMember(client: Queryable, actor: Actor, { team, person }: Whom): Promise<void> {
  const member = await memberOf(client, team, person);
  if (member !== null) await demandNotAbove(client, actor, member.role);
}

function missing(what: string) {
  return platformError("NOT_FOUND", { fields: { what } });
}
