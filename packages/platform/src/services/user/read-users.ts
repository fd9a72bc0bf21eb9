import { platformError } from "../../errors.ts";
import { type Actor, demand } from "../../identity/actor.ts";
import { demandWhole } from "../../identity/grants.ts";
import { type User, userNames, userOfId, userOfName, usersPage } from "../../store/identity/users.ts";
import type { Page, PageQuery } from "../../store/paged-rows.ts";
import type { Services } from "../services.ts";

/** Users, by name. Throws FORBIDDEN, BAD_VALUE. */
export async function listUsers({ pool }: Services, actor: Actor, query: PageQuery): Promise<Page<User>> {
  demandWhole(actor);
  return usersPage(pool, query);
}

/** One user by id or by name. Throws FORBIDDEN, NOT_FOUND. */
export async function readUser({ pool }: Services, actor: Actor, who: number | string): Promise<User> {
  demandWhole(actor);
  const user = typeof who === "number" ? await userOfId(pool, who) : await userOfName(pool, who);
  if (user === null) throw platformError("NOT_FOUND", { fields: { what: "user" } });
  return user;
}

/** Names and ids of all users, for choosing a team's members. Throws FORBIDDEN. */
export async function listUserNames({ pool }: Services, actor: Actor): ReturnType<typeof userNames> {
  demand(actor, "team.edit");
  return userNames(pool);
}
