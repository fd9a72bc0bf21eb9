import { idParams, pageQuery, zoneAnswerV2, zoneRequestV2, zonesAnswerV2 } from "@plimsoll/contract";
import {
  createZone,
  deleteZone,
  listZones,
  type NewZone,
  readExpressions,
  readZone,
  updateZone,
  type Zone,
} from "@plimsoll/platform";
import type { z } from "zod";
import { route } from "../../route.ts";
import { offsetPageOf } from "../page.ts";
import { filterId, zoneFacts } from "./zone-facts.ts";

const path = "/platform/v2/zones";
const one = `${path}/:id`;

export const zonesV2 = route({
  method: "GET",
  path,
  permission: "zones.read",
  summary: "Zones, by name, with their expressions",
  schemas: { query: pageQuery, answer: zonesAnswerV2 },
  handle: async (services, { query, actor }) => {
    const page = await listZones(services, actor, query);
    return { data: page.rows.map(versionTwo), page: offsetPageOf(path, query, page) };
  },
});

export const zoneV2 = route({
  method: "GET",
  path: one,
  permission: "zones.read",
  summary: "One zone, with its expressions",
  schemas: { params: idParams, answer: zoneAnswerV2 },
  handle: async (services, { params, actor }) => versionTwo(await readZone(services, actor, params.id)),
});

export const createZoneV2 = route({
  method: "POST",
  path,
  permission: "zones.edit",
  summary: "Make a zone of rules or expressions",
  schemas: { body: zoneRequestV2, answer: zoneAnswerV2 },
  handle: async (services, { body, actor }) => versionTwo(await createZone(services, actor, wanted(body))),
});

export const updateZoneV2 = route({
  method: "PUT",
  path: one,
  permission: "zones.edit",
  summary: "Change a zone of rules or expressions",
  schemas: { params: idParams, body: zoneRequestV2, answer: zoneAnswerV2 },
  handle: async (services, { params, body, actor }) =>
    versionTwo(await updateZone(services, actor, { id: params.id, wanted: wanted(body) })),
});

export const deleteZoneV2 = route({
  method: "DELETE",
  path: one,
  permission: "zones.edit",
  summary: "Delete a zone of either version",
  status: 204,
  schemas: { params: idParams },
  handle: async (services, { params, actor }) => {
    await deleteZone(services, actor, params.id);
    return undefined;
  },
});

function wanted({ name, description, scopes }: z.output<typeof zoneRequestV2>): NewZone {
  const read = scopes.map(({ filters }) =>
    filters.map(({ resourceType, rules, expressions }) => ({
      resourceType,
      rules,
      expressions: readExpressions(expressions ?? []),
    })),
  );
  return { name, description, scopes: read };
}

function versionTwo(zone: Zone): z.input<typeof zoneAnswerV2> {
  let at = 0;
  const scopes = zone.scopes.map((filters) => ({
    filters: filters.map(({ resourceType, rules, expressions }) => ({
      id: filterId(zone, at++),
      resourceType,
      ...(rules !== "" && { rules }),
      ...(expressions && { expressions: expressions.map(expressionAnswer) }),
    })),
  }));
  return { ...zoneFacts(zone), scopes };
}

type Expressions = NonNullable<Zone["scopes"][number][number]["expressions"]>;

/** A list where lists are taken, else the one value: as clients have written it (contract 1.2). */
function expressionAnswer({ field, operator, values }: Expressions[number]) {
  const [first = ""] = values;
  const isList = operator === "in" || operator === "not_in" || values.length > 1;
  return { field, operator, value: isList ? [...values] : first };
}
