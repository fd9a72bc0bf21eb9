import { platformError } from "../errors.ts";
import { roleForUse } from "../store/identity/roles.ts";
import type { Queryable } from "../store/transaction.ts";
import { type Actor, demand } from "./actor.ts";
import { permissionsOfRole, standardRoles } from "./permissions.ts";

/**
 * The word we keep for a team's role as clients name it: a standard one's, or a custom one's id. Throws BAD_VALUE, and
 * CANNOT_GRANT for one that can do more than whoever gives it. The role stays as long as the transaction.
 */
export async function grantedRole(client: Queryable, actor: Actor, sent: string): Promise<string> {
  const id = /^(?:role:)?(\d{1,9})$/.exec(sent)?.[1];
  const custom = id === undefined ? null : await roleForUse(client, Number(id));
  if (custom === null && !standardRoles.some((role) => role.id === sent)) {
    throw platformError("BAD_VALUE", { fields: { field: "the role", why: `there is no ${JSON.stringify(sent)}` } });
  }
  const role = id === undefined ? sent : `role:${Number(id)}`;
  demandAll(actor, permissionsOfRole(role, custom));
  return role;
}

/** Throws CANNOT_GRANT unless the actor has all the permissions of a role that was given before. */
export async function demandNotAbove(client: Queryable, actor: Actor, role: string): Promise<void> {
  const id = /^role:(\d{1,9})$/.exec(role)?.[1];
  demandAll(actor, permissionsOfRole(role, id === undefined ? null : await roleForUse(client, Number(id))));
}

/** Throws CANNOT_GRANT unless the actor has all of these permissions. */
export function demandAll(actor: Actor, granted: ReadonlySet<string>): void {
  const missing = [...granted.difference(actor.permissions)].sort();
  if (missing.length > 0) throw platformError("CANNOT_GRANT", { fields: { what: missing.join(", ") } });
}

/** For what concerns the whole installation: a team's eyes are not enough. Throws FORBIDDEN. */
export function demandWhole(actor: Actor): void {
  demand(actor, "users.edit");
  if (actor.team !== null && !actor.isAdmin)
    throw platformError("FORBIDDEN", { fields: { permission: "users.edit, for the whole installation" } });
}

/** A team that is not the actor's does not exist for it. Throws NOT_FOUND. */
export function demandTeam(actor: Actor, team: number): void {
  if (actor.team !== null && !actor.isAdmin && actor.team !== team) {
    throw platformError("NOT_FOUND", { fields: { what: "team" } });
  }
}
