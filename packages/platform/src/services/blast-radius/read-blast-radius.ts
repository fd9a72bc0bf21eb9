import { platformError } from "../../errors.ts";
import { type Actor, demand } from "../../identity/actor.ts";
import { type BlastRadius, blastRadius } from "../../store/blast-radius/blast-radius.ts";
import { packageWanted } from "../../store/search/package-wanted.ts";
import { nameOfFlaw } from "../search/name-of-flaw.ts";
import type { Services } from "../services.ts";

type Needed = Pick<Services, "db" | "knowledge">;

/** Where a flaw is now, by any of its ids. Throws FORBIDDEN, NOT_FOUND when it is nowhere that the actor sees. */
export async function vulnerabilityReach(
  services: Needed,
  actor: Actor,
  id: string,
): Promise<BlastRadius & { readonly name: string; readonly aliases: readonly string[] }> {
  demand(actor, "results.read");
  const name = nameOfFlaw(services)(id);
  const { aliases } = services.knowledge.current().base.group(name);
  const reach = await blastRadius(services.db, actor, { flaw: name });
  if (reach.assets === 0) throw platformError("NOT_FOUND", { fields: { what: "vulnerability" } });
  return { name, aliases, ...reach };
}

/** Where a package is now: a purl, `name@version` or a name. Throws FORBIDDEN, NOT_FOUND when it is nowhere that the actor sees. */
export async function packageReach({ db }: Needed, actor: Actor, text: string): Promise<BlastRadius> {
  demand(actor, "results.read");
  const reach = await blastRadius(db, actor, { wanted: packageWanted(text) });
  if (reach.assets === 0) throw platformError("NOT_FOUND", { fields: { what: "package" } });
  return reach;
}
