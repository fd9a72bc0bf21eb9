import { platformError } from "../../errors.ts";
import type { Actor } from "../../identity/actor.ts";
import { demandAll, demandWhole } from "../../identity/grants.ts";
import { allPermissions, standardRoles, withNeeds } from "../../identity/permissions.ts";
import { recordAudit } from "../../store/audit/record-audit.ts";
import {
  addRole,
  type CustomRole,
  changeRole,
  removeRole,
  roleForChange,
  usersOfRole,
} from "../../store/identity/roles.ts";
import { inTransaction } from "../../store/transaction.ts";
import type { Services } from "../services.ts";

/** What a custom role is to be. */
export interface NewRole {
  readonly name: string;
  readonly description?: string | undefined;
  readonly permissions: readonly string[];
}

/** Makes a role that can do no more than its maker. Throws FORBIDDEN, BAD_VALUE, CANNOT_GRANT, NAME_TAKEN. */
export async function createRole({ pool, clock }: Services, actor: Actor, wanted: NewRole): Promise<CustomRole> {
  demandWhole(actor);
  const content = contentOf(actor, wanted);
  return inTransaction(pool, async (client) => {
    const id = await addRole(client, content);
    if (id === null) throw taken();
    await recordAudit(client, actor, {
      action: "role.create",
      subject: `role:${id}`,
      detail: { ...content },
      at: clock(),
    });
    return { id, ...content };
  });
}

/** Changes a role for all who have it. Throws as {@link createRole} does, and NOT_FOUND. */
export async function updateRole(
  { pool, clock }: Services,
  actor: Actor,
  { id, wanted }: { readonly id: number; readonly wanted: NewRole },
): Promise<CustomRole> {
  demandWhole(actor);
  const content = contentOf(actor, wanted);
  return inTransaction(pool, async (client) => {
    const was = await roleForChange(client, id);
    if (was === null) throw missing();
    if (!(await changeRole(client, { id, ...content }))) throw taken();
    const detail = { ...content, was };
    await recordAudit(client, actor, { action: "role.update", subject: `role:${id}`, detail, at: clock() });
    return { id, ...content };
  });
}

/** Deletes a role that nobody has. Throws FORBIDDEN, NOT_FOUND, IN_USE. */
export async function deleteRole({ pool, clock }: Services, actor: Actor, id: number): Promise<void> {
  demandWhole(actor);
  await inTransaction(pool, async (client) => {
    const was = await roleForChange(client, id);
    if (was === null) throw missing();
    const { members, tokens, teams } = await usersOfRole(client, id);
    if (members + tokens + teams > 0) {
      const users = `${members} members, ${tokens} tokens, ${teams} teams that give it to new members`;
      throw platformError("IN_USE", { fields: { what: "role", users } });
    }
    await removeRole(client, id);
    await recordAudit(client, actor, {
      action: "role.delete",
      subject: `role:${id}`,
      detail: { name: was.name },
      at: clock(),
    });
  });
}

const mostPermissions = 100;

function contentOf(actor: Actor, { name, description = "", permissions }: NewRole): Omit<CustomRole, "id"> {
  const unknown = permissions.filter((id) => !allPermissions.has(id));
  if (unknown.length > 0) {
    const why = `there is no ${unknown.slice(0, 5).join(", ")}; there are ${[...allPermissions].join(", ")}`;
    throw platformError("BAD_VALUE", { fields: { field: "permissions", why } });
  }
  if (permissions.length > mostPermissions) {
    throw platformError("BAD_VALUE", {
      fields: { field: "permissions", why: `there are more than ${mostPermissions}` },
    });
  }
  if (standardRoles.some(({ id, label }) => id === name || label.toLowerCase() === name.toLowerCase())) throw taken();
  demandAll(actor, withNeeds(permissions));
  return { name, description, permissions: [...new Set(permissions)] };
}

function missing() {
  return platformError("NOT_FOUND", { fields: { what: "role" } });
}

function taken() {
  return platformError("NAME_TAKEN", { fields: { what: "role" } });
}
