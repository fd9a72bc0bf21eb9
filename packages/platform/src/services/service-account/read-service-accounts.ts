import { platformError } from "../../errors.ts";
import type { Actor } from "../../identity/actor.ts";
import { type ServiceAccount, serviceAccountOfId, serviceAccountsPage } from "../../store/identity/service-accounts.ts";
import { teamOfId } from "../../store/identity/teams.ts";
import type { Page, PageQuery } from "../../store/paged-rows.ts";
import type { Services } from "../services.ts";
import { demandAccount, demandAccounts, type Realm } from "./realm.ts";

/** Service accounts of a team, or (`null`) of the whole installation; never their tokens. Throws FORBIDDEN, NOT_FOUND, BAD_VALUE. */
export async function listServiceAccounts(
  { pool }: Services,
  actor: Actor,
  { team, query }: { readonly team: number | null; readonly query: PageQuery },
): Promise<Page<ServiceAccount>> {
  demandAccounts(actor, { team, mayChange: false });
  if (team !== null && (await teamOfId(pool, team)) === null)
    throw platformError("NOT_FOUND", { fields: { what: "team" } });
  return serviceAccountsPage(pool, team, query);
}

/** One service account. Throws FORBIDDEN, NOT_FOUND. */
export async function readServiceAccount(
  { pool }: Services,
  actor: Actor,
  { id, realm }: { readonly id: number; readonly realm: Realm },
): Promise<ServiceAccount> {
  return demandAccount(actor, { account: await serviceAccountOfId(pool, id), realm, mayChange: false });
}
