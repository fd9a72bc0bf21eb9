import { z } from "zod";
import { wireUtcInstant } from "../wire.ts";
import { listQuery } from "./results.ts";

const instant = z.iso
  .datetime({ offset: true })
  .refine((text) => Date.parse(text) >= 0, "before 1970 nobody did anything")
  .optional();

/** Filter fields: actor, actorName, action, subject, address. */
export const auditQuery = listQuery.extend({ from: instant, to: instant });

export const auditAnswer = z
  .object({
    page: z.object({ next: z.string().optional() }),
    data: z.array(
      z.object({
        id: z.int(),
        timestamp: wireUtcInstant,
        actor: z.string().describe("`person:ID`, `token:ID`, `plimsoll` (the server itself) or `nobody`"),
        actorName: z.string(),
        address: z.string().nullable(),
        action: z.string(),
        subject: z.string(),
        detail: z.record(z.string(), z.unknown()),
      }),
    ),
  })
  .meta({ id: "AuditAnswer" });

export type AuditEvent = z.output<typeof auditAnswer>["data"][number];
