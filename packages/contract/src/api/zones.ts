import { z } from "zod";
import { longText, nameText, offsetPage } from "./paging.ts";

const zoneRules = z
  .string()
  .max(10_000)
  .describe('for example `clusterId in ("a", "b") and not namespace contains "test"`');
const resourceType = z.string().max(100).describe("aws, gcp, azure, ibm, oci, kubernetes, host, image or git");
const scopeId = z.int().optional().describe("changes when the zone is changed; what is sent here is not kept");

/** Body of POST and PUT, version 1: an asset lies in the zone when one of the scopes holds (contract 1.2). */
export const zoneRequestV1 = z
  .object({
    name: nameText,
    description: longText.optional(),
    scopes: z.array(z.object({ id: scopeId, targetType: resourceType, rules: zoneRules.optional() })).max(1000),
  })
  .meta({ id: "CreateZoneRequestV1" });

const facts = {
  id: z.int(),
  name: z.string(),
  description: z.string().optional(),
  author: z.string(),
  lastModifiedBy: z.string(),
  lastUpdated: z.int().describe("ms since the epoch"),
  isSystem: z.boolean(),
};

export const zoneAnswerV1 = z
  .object({ ...facts, scopes: z.array(z.object({ id: z.int(), targetType: z.string(), rules: z.string() })) })
  .meta({ id: "ZoneResponseV1" });
export const zonesAnswerV1 = z
  .object({ data: z.array(zoneAnswerV1), page: offsetPage })
  .meta({ id: "ListZonesResponseV1" });

const oneOrMore = z.union([z.string().max(2000), z.array(z.string().max(2000)).max(1000)]);

/** Body of POST and PUT, version 2: each scope must hold, and it holds when one of its filters does. */
export const zoneRequestV2 = z
  .object({
    id: scopeId,
    name: nameText,
    description: longText.optional(),
    scopes: z
      .array(
        z.object({
          filters: z
            .array(
              z.object({
                id: scopeId,
                resourceType,
                rules: zoneRules.optional(),
                expressions: z
                  .array(
                    z.object({
                      field: z.string().min(1).max(500),
                      operator: z.string().max(30).describe("in, not_in, is, is_not, contains or not_contains"),
                      value: oneOrMore.optional(),
                      values: oneOrMore.optional(),
                    }),
                  )
                  .max(100)
                  .nullish(),
              }),
            )
            .max(1000),
        }),
      )
      .max(1000),
  })
  .meta({ id: "ZoneRequestV2" });

export const zoneAnswerV2 = z
  .object({
    ...facts,
    scopes: z.array(
      z.object({
        filters: z.array(
          z.object({
            id: z.int(),
            resourceType: z.string(),
            rules: z.string().optional(),
            expressions: z
              .array(
                z.object({
                  field: z.string(),
                  operator: z.string(),
                  value: z.union([z.string(), z.array(z.string())]),
                }),
              )
              .optional(),
          }),
        ),
      }),
    ),
  })
  .meta({ id: "ZoneResponseV2" });
export const zonesAnswerV2 = z
  .object({ data: z.array(zoneAnswerV2), page: offsetPage })
  .meta({ id: "ListZonesResponseV2" });

export type Zone = z.output<typeof zoneAnswerV1>;
