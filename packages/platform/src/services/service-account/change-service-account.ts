import { platformError } from "../../errors.ts";
import type { Actor } from "../../identity/actor.ts";
import { demandNotAbove, grantedRole } from "../../identity/grants.ts";
import { recordAudit } from "../../store/audit/record-audit.ts";
import {
  countServiceAccounts,
  removeServiceAccount,
  renameServiceAccount,
  type ServiceAccount,
  serviceAccountOfId,
} from "../../store/identity/service-accounts.ts";
import { teamOfId } from "../../store/identity/teams.ts";
import { createToken } from "../../store/identity/tokens.ts";
import { inTransaction, type Queryable } from "../../store/transaction.ts";
import type { Services } from "../services.ts";
import { demandAccount, demandAccounts, type Realm } from "./realm.ts";

/** A service account that is to be. */
export interface NewServiceAccount {
  readonly name: string;
  /** `null`: for the whole installation. */
  readonly team: number | null;
  /** A standard role or a custom one's id; absent: View Only. */
  readonly role?: string | undefined;
  /** ms since the epoch; absent: in a year. */
  readonly expiresAt?: number | undefined;
}

const mostAccounts = 1000;
const dayMs = 24 * 3600_000;
const usualDays = 365;
const mostDays = 3660;

/**
 * Makes a service account; the text of its token is told here and never again. Throws FORBIDDEN, NOT_FOUND (the team),
 * BAD_VALUE, BAD_EXPIRY, CANNOT_GRANT.
 */
export async function createServiceAccount(
  { pool, random, clock }: Services,
  actor: Actor,
  { name, team, role = "ROLE_TEAM_READ", expiresAt: wantedEnd }: NewServiceAccount,
): Promise<{ readonly account: ServiceAccount; readonly text: string }> {
  demandAccounts(actor, { team, mayChange: true });
  const now = clock();
  const end = wantedEnd ?? now + usualDays * dayMs;
  if (!(end > now && end <= now + mostDays * dayMs)) throw platformError("BAD_EXPIRY", { fields: { days: mostDays } });
  return inTransaction(pool, async (client) => {
    if (team !== null && (await teamOfId(client, team)) === null) throw missing("team");
    if ((await countServiceAccounts(client, team)) >= mostAccounts) {
      throw platformError("BAD_VALUE", {
        fields: { field: "a service account", why: `there are ${mostAccounts} already` },
      });
    }
    const granted = await roleIn(client, actor, { role, team });
    const expiresAt = new Date(end).toISOString();
    const { id, text } = await createToken(client, { name, team, role: granted, expiresAt }, { random, now });
    const detail = { name, team, role: granted, expiresAt };
    await recordAudit(client, actor, { action: "service-account.create", subject: `token:${id}`, detail, at: now });
    return { account: await known(client, id), text };
  });
}

/** Gives a service account another name. Throws FORBIDDEN, NOT_FOUND, CANNOT_GRANT (it can do more than the actor). */
export async function updateServiceAccount(
  { pool, clock }: Services,
  actor: Actor,
  { id, realm, name }: { readonly id: number; readonly realm: Realm; readonly name: string },
): Promise<ServiceAccount> {
  return inTransaction(pool, async (client) => {
    const was = await changeable(client, actor, { id, realm });
    const now = clock();
    await renameServiceAccount(client, id, { name, now });
    const detail = { name, was: was.name };
    await recordAudit(client, actor, { action: "service-account.update", subject: `token:${id}`, detail, at: now });
    return known(client, id);
  });
}

/** Deletes a service account: its token is refused from now on. Throws FORBIDDEN, NOT_FOUND, CANNOT_GRANT. */
export async function deleteServiceAccount(
  { pool, clock }: Services,
  actor: Actor,
  { id, realm }: { readonly id: number; readonly realm: Realm },
): Promise<void> {
  await inTransaction(pool, async (client) => {
    const { name, team } = await changeable(client, actor, { id, realm });
    await removeServiceAccount(client, id);
    const detail = { name, team };
    await recordAudit(client, actor, { action: "service-account.delete", subject: `token:${id}`, detail, at: clock() });
  });
}

async function changeable(
  client: Queryable,
  actor: Actor,
  { id, realm }: { readonly id: number; readonly realm: Realm },
) {
  const account = demandAccount(actor, { account: await serviceAccountOfId(client, id), realm, mayChange: true });
  await demandNotAbove(client, actor, account.role);
  return account;
}

/** The whole installation can also be given to an administrator's program. */
async function roleIn(
  client: Queryable,
  actor: Actor,
  { role, team }: { readonly role: string; readonly team: number | null },
) {
  if (role !== "ROLE_ADMIN" || team !== null) return grantedRole(client, actor, role);
  if (!actor.isAdmin) throw platformError("CANNOT_GRANT", { fields: { what: "administrator" } });
  return role;
}

async function known(client: Queryable, id: number): Promise<ServiceAccount> {
  const account = await serviceAccountOfId(client, id);
  if (account === null) throw missing("service account");
  return account;
}

function missing(what: string) {
  return platformError("NOT_FOUND", { fields: { what } });
}
