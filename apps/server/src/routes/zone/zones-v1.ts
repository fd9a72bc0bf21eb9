import { idParams, pageQuery, zoneAnswerV1, zoneRequestV1, zonesAnswerV1 } from "@plimsoll/contract";
import {
  createZone,
  deleteZone,
  flatScopes,
  listZones,
  type NewZone,
  readZone,
  updateZone,
  type Zone,
} from "@plimsoll/platform";
import type { z } from "zod";
import { route } from "../../route.ts";
import { offsetPageOf } from "../page.ts";
import { filterId, zoneFacts } from "./zone-facts.ts";

const path = "/platform/v1/zones";
const one = `${path}/:id`;

export const zonesV1 = route({
  method: "GET",
  path,
  permission: "zones.read",
  summary: "Zones, by name",
  schemas: { query: pageQuery, answer: zonesAnswerV1 },
  handle: async (services, { query, actor }) => {
    const page = await listZones(services, actor, query);
    return { data: page.rows.map(versionOne), page: offsetPageOf(path, query, page) };
  },
});

export const zoneV1 = route({
  method: "GET",
  path: one,
  permission: "zones.read",
  summary: "One zone",
  schemas: { params: idParams, answer: zoneAnswerV1 },
  handle: async (services, { params, actor }) => versionOne(await readZone(services, actor, params.id)),
});

export const createZoneV1 = route({
  method: "POST",
  path,
  permission: "zones.edit",
  summary: "Make a zone",
  schemas: { body: zoneRequestV1, answer: zoneAnswerV1 },
  handle: async (services, { body, actor }) => versionOne(await createZone(services, actor, wanted(body))),
});

export const updateZoneV1 = route({
  method: "PUT",
  path: one,
  permission: "zones.edit",
  summary: "Change a zone",
  schemas: { params: idParams, body: zoneRequestV1, answer: zoneAnswerV1 },
  handle: async (services, { params, body, actor }) =>
    versionOne(await updateZone(services, actor, { id: params.id, wanted: wanted(body) })),
});

export const deleteZoneV1 = route({
  method: "DELETE",
  path: one,
  permission: "zones.edit",
  summary: "Delete a zone",
  status: 204,
  schemas: { params: idParams },
  handle: async (services, { params, actor }) => {
    await deleteZone(services, actor, params.id);
    return undefined;
  },
});

/** The scopes of version 1 are the filters of one scope: one of them must hold. */
function wanted({ name, description, scopes }: z.output<typeof zoneRequestV1>): NewZone {
  const filters = scopes.map(({ targetType, rules }) => ({ resourceType: targetType, rules }));
  return { name, description, scopes: filters.length === 0 ? [] : [filters] };
}

function versionOne(zone: Zone): z.input<typeof zoneAnswerV1> {
  const scopes = flatScopes(zone.scopes).map((scope, at) => ({ id: filterId(zone, at), ...scope }));
  return { ...zoneFacts(zone), scopes };
}
