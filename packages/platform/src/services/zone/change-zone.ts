import { platformError } from "../../errors.ts";
import { fault } from "../../fault.ts";
import { type Actor, demand } from "../../identity/actor.ts";
import { recordAudit } from "../../store/audit/record-audit.ts";
import { inTransaction, type Queryable } from "../../store/transaction.ts";
import {
  addZone,
  changeZone,
  removeZone,
  teamsOfZone,
  type Zone,
  type ZoneContent,
  zoneOfId,
} from "../../store/zones/zones.ts";
import { jsonpathOf } from "../../zones/jsonpath.ts";
import { type NewZoneFilter, readScopes, type ZoneScopes } from "../../zones/zone-scopes.ts";
import type { Services } from "../services.ts";

/** What a zone is to be. */
export interface NewZone {
  readonly name: string;
  readonly description?: string | undefined;
  readonly scopes: ZoneScopes<NewZoneFilter>;
}

/** Makes a zone. Throws FORBIDDEN, BAD_ZONE, NAME_TAKEN. */
export async function createZone({ pool, clock }: Services, actor: Actor, wanted: NewZone): Promise<Zone> {
  demand(actor, "zones.edit");
  const content = contentOf(wanted);
  const at = clock();
  return inTransaction(pool, async (client) => {
    const id = await addZone(client, content, { by: actor.name, at });
    await recordAudit(client, actor, {
      action: "zone.create",
      subject: `zone:${id}`,
      detail: { name: content.name },
      at,
    });
    return known(client, id);
  });
}

/**
 * Changes a zone. Throws FORBIDDEN (also for a zone that teams see by, unless the actor may change teams: it would widen
 * what they see), NOT_FOUND, BUILT_IN, BAD_ZONE, NAME_TAKEN.
 */
export async function updateZone(
  { pool, clock }: Services,
  actor: Actor,
  { id, wanted }: { readonly id: number; readonly wanted: NewZone },
): Promise<Zone> {
  demand(actor, "zones.edit");
  const content = contentOf(wanted);
  const at = clock();
  const changed = await inTransaction(pool, async (client) => {
    const was = await changeable(client, actor, id);
    await changeZone(client, { id, content }, { by: actor.name, at });
    FAULT: fault("zone.applied");
    const detail = { name: content.name, was: { name: was.name, scopes: was.scopes }, scopes: content.scopes };
    await recordAudit(client, actor, { action: "zone.update", subject: `zone:${id}`, detail, at });
    return known(client, id);
  });
  FAULT: fault("zone.committed");
  return changed;
}

/** Deletes a zone; teams see no longer by it. Throws FORBIDDEN, NOT_FOUND, BUILT_IN. */
export async function deleteZone({ pool, clock }: Services, actor: Actor, id: number): Promise<void> {
  demand(actor, "zones.edit");
  await inTransaction(pool, async (client) => {
    const { name } = await changeable(client, actor, id);
    await removeZone(client, id);
    await recordAudit(client, actor, { action: "zone.delete", subject: `zone:${id}`, detail: { name }, at: clock() });
  });
}

function contentOf({ name, description = "", scopes: wanted }: NewZone): ZoneContent {
  const { scopes, conditions } = readScopes(wanted);
  return { name, description, scopes, matches: jsonpathOf(conditions) };
}

async function changeable(client: Queryable, actor: Actor, id: number): Promise<Zone> {
  const zone = await known(client, id);
  if (zone.isSystem) throw platformError("BUILT_IN", { fields: { what: "zone" } });
  if ((await teamsOfZone(client, id)).length > 0) demand(actor, "users.edit");
  return zone;
}

async function known(client: Queryable, id: number): Promise<Zone> {
  const zone = await zoneOfId(client, id);
  if (zone === null) throw platformError("NOT_FOUND", { fields: { what: "zone" } });
  return zone;
}
