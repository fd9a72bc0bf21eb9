import { platformError } from "../../errors.ts";
import { type Actor, demand } from "../../identity/actor.ts";
import { demandTeam } from "../../identity/grants.ts";
import { type Member, memberOf, membersOf, membersPage } from "../../store/identity/members.ts";
import { type Team, teamOfId, teamOfName, teamsPage } from "../../store/identity/teams.ts";
import type { Page, PageQuery } from "../../store/paged-rows.ts";
import type { Services } from "../services.ts";

/** Teams by name; who is no administrator sees the one acted for. Throws FORBIDDEN, BAD_VALUE. */
export async function listTeams({ pool }: Services, actor: Actor, query: PageQuery): Promise<Page<Team>> {
  demand(actor, "team.read");
  return teamsPage(pool, actor.isAdmin ? null : actor.team, query);
}

/** One team by id or by name. Throws FORBIDDEN, NOT_FOUND (also for another's). */
export async function readTeam({ pool }: Services, actor: Actor, which: number | string): Promise<Team> {
  demand(actor, "team.read");
  const team = typeof which === "number" ? await teamOfId(pool, which) : await teamOfName(pool, which);
  if (team === null) throw platformError("NOT_FOUND", { fields: { what: "team" } });
  demandTeam(actor, team.id);
  return team;
}

/** Members of teams that were read before. */
export async function membersOfTeams({ pool }: Services, teams: readonly Team[]): Promise<readonly Member[]> {
  return membersOf(
    pool,
    teams.map(({ id }) => id),
  );
}

/** Members of a team, by name. Throws FORBIDDEN, NOT_FOUND, BAD_VALUE. */
export async function listMembers(
  services: Services,
  actor: Actor,
  { team, query }: { readonly team: number; readonly query: PageQuery },
): Promise<Page<Member>> {
  await readTeam(services, actor, team);
  return membersPage(services.pool, team, query);
}

/** One member. Throws FORBIDDEN, NOT_FOUND. */
export async function readMember(
  services: Services,
  actor: Actor,
  { team, person }: { readonly team: number; readonly person: number },
): Promise<Member> {
  await readTeam(services, actor, team);
  const member = await memberOf(services.pool, team, person);
  if (member === null) throw platformError("NOT_FOUND", { fields: { what: "member" } });
  return member;
}
