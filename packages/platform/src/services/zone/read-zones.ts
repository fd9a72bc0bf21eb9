import { platformError } from "../../errors.ts";
import { type Actor, demand } from "../../identity/actor.ts";
import type { Page, PageQuery } from "../../store/paged-rows.ts";
import { type Zone, zoneOfId, zonesPage } from "../../store/zones/zones.ts";
import type { Services } from "../services.ts";

/** Zones by name. Throws FORBIDDEN, BAD_VALUE. */
export async function listZones({ pool }: Services, actor: Actor, query: PageQuery): Promise<Page<Zone>> {
  demand(actor, "zones.read");
  return zonesPage(pool, query);
}

/** One zone. Throws FORBIDDEN, NOT_FOUND. */
export async function readZone({ pool }: Services, actor: Actor, id: number): Promise<Zone> {
  demand(actor, "zones.read");
  const zone = await zoneOfId(pool, id);
  if (zone === null) throw platformError("NOT_FOUND", { fields: { what: "zone" } });
  return zone;
}
