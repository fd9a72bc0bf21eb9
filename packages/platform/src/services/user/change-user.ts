import { platformError } from "../../errors.ts";
import type { Actor } from "../../identity/actor.ts";
import { demandWhole } from "../../identity/grants.ts";
import { oneTimePassword } from "../../identity/passwords.ts";
import { recordAudit } from "../../store/audit/record-audit.ts";
import { setPassword } from "../../store/identity/people.ts";
import { endSessions } from "../../store/identity/sessions.ts";
import {
  administratorsForChange,
  changeUser,
  joinDefaultTeam,
  removeUser,
  type User,
  userForChange,
  userOfId,
} from "../../store/identity/users.ts";
import { inTransaction, type Queryable } from "../../store/transaction.ts";
import type { Services } from "../services.ts";

/** What is to be otherwise with a user; what is absent stays. */
export interface UserChange {
  /** The version that was read; absent: whichever there is. */
  readonly version?: number | undefined;
  readonly username?: string | undefined;
  readonly firstName?: string | undefined;
  readonly lastName?: string | undefined;
  readonly isAdmin?: boolean | undefined;
  readonly isEnabled?: boolean | undefined;
}

/**
 * Changes a user. Who is disabled is signed out at once. Throws FORBIDDEN, NOT_FOUND, STALE_VERSION, NAME_TAKEN,
 * LAST_ADMINISTRATOR, and CANNOT_GRANT to who is no administrator and touches one, or makes one.
 */
export async function updateUser(
  { pool, clock }: Services,
  actor: Actor,
  { id, change }: { readonly id: number; readonly change: UserChange },
): Promise<User> {
  demandWhole(actor);
  const now = clock();
  return inTransaction(pool, async (client) => {
    const given = givenOf(change);
    const keepsSigningIn = given.isAdmin !== false && given.isEnabled !== false;
    const was = await forChange(client, actor, { id, keepsSigningIn });
    if ((change.version ?? was.version) !== was.version) {
      throw platformError("STALE_VERSION", { fields: { what: "user", version: was.version } });
    }
    await write(client, actor, { was, next: { ...was, ...given }, now });
    await recordAudit(client, actor, {
      action: "person.update",
      subject: `person:${id}`,
      detail: { ...given },
      at: now,
    });
    const user = await userOfId(client, id);
    if (user === null) throw missing();
    return user;
  });
}

/** What a change says; its version apart. */
function givenOf({ version: _, ...wanted }: UserChange): Partial<User> {
  return Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== undefined));
}

interface Writing {
  readonly was: User;
  readonly next: User;
  readonly now: number;
}

async function write(client: Queryable, actor: Actor, { was, next, now }: Writing): Promise<void> {
  if (next.isAdmin && !actor.isAdmin) throw cannotGrant();
  if (!(await changeUser(client, next, now))) throw platformError("NAME_TAKEN", { fields: { what: "user" } });
  if (was.isAdmin && !next.isAdmin) await joinDefaultTeam(client, next.id);
  if (!next.isEnabled) await endSessions(client, next.id);
}

/** Deletes a user with tokens and sessions. Throws FORBIDDEN, NOT_FOUND, LAST_ADMINISTRATOR, CANNOT_GRANT. */
export async function deleteUser({ pool, clock }: Services, actor: Actor, id: number): Promise<void> {
  demandWhole(actor);
  await inTransaction(pool, async (client) => {
    const { username } = await forChange(client, actor, { id, keepsSigningIn: false });
    await removeUser(client, id);
    const detail = { username };
    await recordAudit(client, actor, { action: "person.delete", subject: `person:${id}`, detail, at: clock() });
  });
}

/**
 * Gives a user another password that is told here and never again, and must be changed; its sessions end, its tokens stay.
 * Throws FORBIDDEN, NOT_FOUND, CANNOT_GRANT, SIGN_IN_BUSY.
 */
export async function renewPassword(
  { pool, passwords, random, clock }: Services,
  actor: Actor,
  id: number,
): Promise<{ readonly user: User; readonly password: string }> {
  demandWhole(actor);
  const password = oneTimePassword(random);
  const hash = await passwords.hash(password);
  const now = clock();
  return inTransaction(pool, async (client) => {
    const user = await forChange(client, actor, { id, keepsSigningIn: true });
    await setPassword(client, { person: id, hash, mustChange: true, now });
    await endSessions(client, id);
    const detail = { reset: true };
    await recordAudit(client, actor, { action: "person.password", subject: `person:${id}`, detail, at: now });
    return { user: { ...user, version: user.version + 1, mustChange: true }, password };
  });
}

/** Administrators first, in one order, so that two changes never wait for each other. */
async function forChange(
  client: Queryable,
  actor: Actor,
  { id, keepsSigningIn }: { readonly id: number; readonly keepsSigningIn: boolean },
): Promise<User> {
  const administrators = keepsSigningIn ? [] : await administratorsForChange(client);
  const user = await userForChange(client, id);
  if (user === null) throw missing();
  if (user.isAdmin && !actor.isAdmin) throw cannotGrant();
  if (administrators.length === 1 && administrators[0] === id) throw platformError("LAST_ADMINISTRATOR");
  return user;
}

function cannotGrant() {
  return platformError("CANNOT_GRANT", { fields: { what: "administrator" } });
}

function missing() {
  return platformError("NOT_FOUND", { fields: { what: "user" } });
}
