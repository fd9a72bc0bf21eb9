import { platformError } from "../errors.ts";
import type { Permission } from "./permissions.ts";

/** Who asks. */
export interface Actor {
  /** For the audit: `person:ID`, `token:ID`, `plimsoll`. */
  readonly id: string;
  readonly name: string;
  /** The team whose eyes it sees with; `null`: the whole installation. */
  readonly team: number | null;
  readonly permissions: ReadonlySet<string>;
}

/** Throws FORBIDDEN unless the actor has the permission. */
export function demand(actor: Actor, permission: Permission): void {
  if (!actor.permissions.has(permission)) throw platformError("FORBIDDEN", { fields: { permission } });
}
