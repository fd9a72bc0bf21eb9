import { platformError } from "../../errors.ts";
import { type Actor, demand } from "../../identity/actor.ts";
import { permissionsOf, standardRoles } from "../../identity/permissions.ts";
import { type CustomRole, roleOfId, rolesPage } from "../../store/identity/roles.ts";
import type { Page, PageQuery } from "../../store/paged-rows.ts";
import type { Services } from "../services.ts";

/** Custom roles, by name. Throws FORBIDDEN, BAD_VALUE. */
export async function listRoles({ pool }: Services, actor: Actor, query: PageQuery): Promise<Page<CustomRole>> {
  demand(actor, "team.read");
  return rolesPage(pool, query);
}

/** One custom role. Throws FORBIDDEN, NOT_FOUND. */
export async function readRole({ pool }: Services, actor: Actor, id: number): Promise<CustomRole> {
  demand(actor, "team.read");
  const role = await roleOfId(pool, id);
  if (role === null) throw platformError("NOT_FOUND", { fields: { what: "role" } });
  return role;
}

/** A standard role by its label, in whatever case, or its word. Throws NOT_FOUND. */
export function readStandardRole(name: string): { readonly name: string; readonly permissions: readonly string[] } {
  const role = standardRoles.find(({ id, label }) => id === name || label.toLowerCase() === name.toLowerCase());
  if (role === undefined) throw platformError("NOT_FOUND", { fields: { what: "standard role" } });
  return { name: role.label, permissions: [...permissionsOf(role.id)].sort() };
}
