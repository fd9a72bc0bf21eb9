import { platformError } from "../../errors.ts";
import type { Actor } from "../../identity/actor.ts";
import { type OwnTeam, type Person, personById, teamsOf } from "../../store/identity/people.ts";
import type { Services } from "../services.ts";

/** The asking person and the teams it may act for. */
export interface Me {
  readonly person: Person;
  readonly teams: readonly OwnTeam[];
}

/** Who asks; `null`: a service account's token, or the server. */
export async function readMe({ pool }: Services, { person: id }: Actor): Promise<Me | null> {
  if (id === null) return null;
  const person = await personById(pool, id);
  if (person === null) throw platformError("UNAUTHENTICATED");
  return { person, teams: await teamsOf(pool, id) };
}
