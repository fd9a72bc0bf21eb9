import { platformError } from "../../errors.ts";
import { type Actor, demand } from "../../identity/actor.ts";
import { type CredentialRow, listCredentials } from "../../store/registry-credential/credentials.ts";
import type { Services } from "../services.ts";

/** The credentials that the actor's team may use, without their secrets. Throws FORBIDDEN. */
export async function readCredentials({ pool }: Services, actor: Actor): Promise<readonly CredentialRow[]> {
  demand(actor, "credentials.read");
  return listCredentials(pool, actor.team);
}

/** One of them. Throws FORBIDDEN, NOT_FOUND (also for another team's). */
export async function readCredential(services: Services, actor: Actor, id: number): Promise<CredentialRow> {
  const found = (await readCredentials(services, actor)).find((row) => row.id === id);
  if (found === undefined) throw platformError("NOT_FOUND", { fields: { what: "registry credential" } });
  return found;
}
