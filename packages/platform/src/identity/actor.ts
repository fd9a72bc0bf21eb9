import { platformError } from "../errors.ts";
import { allPermissions, type Permission } from "./permissions.ts";

/** Who asks. */
export interface Actor {
  /** For the audit: `person:ID` (a session), `token:ID`, `plimsoll`, `nobody`. */
  readonly id: string;
  readonly name: string;
  /** The person whose session or token it is; `null`: a service account's token, the server itself, nobody. */
  readonly person: number | null;
  /** Has every permission, and sees every team. */
  readonly isAdmin: boolean;
  /** The team whose eyes it sees with; `null`: the whole installation; {@link noTeam}: nothing. */
  readonly team: number | null;
  /** What its team sees ({@link withSight}), looked up once for all its queries; absent: each query looks it up. */
  readonly audiences?: readonly number[];
  readonly permissions: ReadonlySet<string>;
  /** Where the request came from; `null`: from the server itself. */
  readonly address: string | null;
  /** The session it asks with; `null`: a token, or none. */
  readonly session: number | null;
  /** Has signed in with a password that somebody else knows: may do nothing before it has changed it. */
  readonly mustChange: boolean;
}

/** No team has this id: who acts for it sees nothing. */
export const noTeam = 0;

/** What the server does by itself. */
export const theServer: Actor = {
  id: "plimsoll",
  name: "plimsoll",
  person: null,
  isAdmin: true,
  team: null,
  permissions: allPermissions,
  address: null,
  session: null,
  mustChange: false,
};

/** Somebody who has not said who they are, at an address. */
export function nobodyAt(address: string): Actor {
  return {
    id: "nobody",
    name: "",
    person: null,
    isAdmin: false,
    team: noTeam,
    permissions: new Set(),
    address,
    session: null,
    mustChange: false,
  };
}

/** Throws FORBIDDEN unless the actor has the permission. */
export function demand(actor: Actor, permission: Permission): void {
  if (!actor.permissions.has(permission)) throw platformError("FORBIDDEN", { fields: { permission } });
}
