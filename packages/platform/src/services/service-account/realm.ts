import { platformError } from "../../errors.ts";
import { type Actor, demand } from "../../identity/actor.ts";
import { demandTeam, demandWhole } from "../../identity/grants.ts";
import type { ServiceAccount } from "../../store/identity/service-accounts.ts";

/** Where a service account is looked for: in one team, in any, or (`null`) among those of the whole installation. */
export type Realm = number | "any team" | null;

/** Throws FORBIDDEN, and NOT_FOUND for another's team, unless the actor may see or change such accounts. */
export function demandAccounts(
  actor: Actor,
  { team, mayChange }: { readonly team: number | null; readonly mayChange: boolean },
): void {
  if (team === null) return demandWhole(actor);
  demand(actor, mayChange ? "team.edit" : "team.read");
  demandTeam(actor, team);
}

/** The account, if the actor may. Throws FORBIDDEN, NOT_FOUND. */
export function demandAccount(
  actor: Actor,
  {
    account,
    realm,
    mayChange,
  }: { readonly account: ServiceAccount | null; readonly realm: Realm; readonly mayChange: boolean },
): ServiceAccount {
  if (realm === null) demandWhole(actor);
  else demand(actor, mayChange ? "team.edit" : "team.read");
  const isThere = account !== null && (realm === "any team" ? account.team !== null : account.team === realm);
  const isOwn = actor.team === null || actor.isAdmin || account?.team === actor.team;
  if (account === null || !isThere || !isOwn) throw platformError("NOT_FOUND", { fields: { what: "service account" } });
  return account;
}
