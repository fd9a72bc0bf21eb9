import type { Actor } from "../../identity/actor.ts";
import type { Queryable } from "../transaction.ts";

/** An actor with what its team sees looked up, so that lists are planned knowing it. */
export async function withSight(client: Queryable, actor: Actor): Promise<Actor> {
  if (actor.team === null) return actor;
  const { rows } = await client.query<{ audiences: number[] }>("select audiences_of($1) as audiences", [actor.team]);
  return { ...actor, audiences: rows[0]?.audiences ?? [] };
}
